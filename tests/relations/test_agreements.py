"""Agreements: two signatures, one in force, nothing signed is ever changed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from neike.relations import actions, policies, queries
from neike.relations.choices import AgreementState, Side
from neike.relations.models import Agreement
from tests.make import administrator, catalog
from tests.make import relations as make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def sign(agreement, by, now=NOW):
    return actions.sign(agreement=agreement, by=by, version=agreement.version, now=now)


def newer(service):
    catalog.published_standard(service)
    service.refresh_from_db()
    return service.standard


def test_both_signatures_put_an_agreement_into_force():
    ends = make.two_ends()
    agreement = sign(make.agreement(ends), ends.customer_lead)
    assert (agreement.state, agreement.valid_from) == (AgreementState.PROPOSED, None)

    agreement = sign(agreement, ends.provider_lead, NOW + timedelta(days=2))
    assert (agreement.state, agreement.valid_from, agreement.review_on) == (
        AgreementState.IN_FORCE,
        date(2026, 3, 4),
        date(2026, 9, 4),
    )


def test_nobody_signs_twice_or_for_another():
    ends = make.two_ends()
    agreement = sign(make.agreement(ends), ends.customer_lead)
    with pytest.raises(actions.NotPossibleError):
        sign(agreement, ends.customer_lead)
    for by in (ends.provider_member, administrator()):
        with pytest.raises(PermissionDenied):
            sign(agreement, by)
    with pytest.raises(PermissionDenied):
        actions.sign(
            agreement=agreement,
            by=ends.customer_lead,
            side=Side.PROVIDER,
            version=agreement.version,
            now=NOW,
        )


def test_a_newer_agreement_replaces_the_one_in_force_only_when_both_have_signed():
    ends = make.two_ends()
    old = make.signed(ends)
    new = actions.propose_agreement(
        relation=old.relation, standard=newer(old.service), by=None, now=NOW
    )
    assert new.previous == old
    sign(new, ends.provider_lead)
    old.refresh_from_db()
    assert old.state == AgreementState.IN_FORCE

    new.refresh_from_db()
    sign(new, ends.customer_lead, NOW + timedelta(days=3))
    old.refresh_from_db()
    assert (old.state, old.valid_to) == (AgreementState.SUPERSEDED, date(2026, 3, 5))


def test_a_proposal_of_an_older_version_is_taken_back_for_the_newer_one():
    ends = make.two_ends()
    old = sign(make.agreement(ends), ends.provider_lead)
    new = actions.propose_agreement(
        relation=old.relation, standard=newer(old.service), by=None, now=NOW
    )
    old.refresh_from_db()
    assert (old.state, new.state) == (AgreementState.ENDED, AgreementState.PROPOSED)


def test_only_the_providers_standard_in_force_can_be_agreed_on():
    ends = make.two_ends()
    relation = make.confirmed(ends)
    service = catalog.service(ends.provider)
    outdated = service.standard
    newer(service)
    other = catalog.service(ends.customer).standard
    for standard in (outdated, other):
        standard.refresh_from_db()
        with pytest.raises(actions.StandardUnfitError):
            actions.propose_agreement(
                relation=relation, standard=standard, by=ends.provider_lead, now=NOW
            )


def test_the_same_version_is_not_proposed_twice():
    ends = make.two_ends()
    agreement = make.signed(ends)
    with pytest.raises(actions.DuplicateAgreementError) as refused:
        actions.propose_agreement(
            relation=agreement.relation,
            standard=agreement.standard,
            by=ends.customer_lead,
            now=NOW,
        )
    assert refused.value.agreement == agreement


def test_declining_and_ending_need_a_reason_and_the_right_state():
    ends = make.two_ends()
    agreement = make.agreement(ends)
    common = {"agreement": agreement, "by": ends.customer_lead, "version": 1, "now": NOW}
    with pytest.raises(actions.ReasonNeededError):
        actions.decline_agreement(reason=" ", **common)
    with pytest.raises(actions.NotPossibleError):
        actions.end_agreement(reason="Over", **common)
    declined = actions.decline_agreement(reason="Too slow for us", **common)
    assert (declined.state, declined.why_ended) == (AgreementState.DECLINED, "Too slow for us")


def test_who_was_slower_signs_nothing():
    ends = make.two_ends()
    agreement = make.agreement(ends)
    sign(agreement, ends.provider_lead)
    with pytest.raises(actions.AgreementChangedError):
        actions.sign(agreement=agreement, by=ends.customer_lead, version=1, now=NOW)


def test_the_end_of_a_relation_ends_its_agreements():
    ends = make.two_ends()
    agreement = make.signed(ends)
    relation = agreement.relation
    actions.end(
        relation=relation, by=ends.customer_lead, reason="x", version=relation.version, now=NOW
    )
    agreement.refresh_from_db()
    assert (agreement.state, agreement.valid_to) == (AgreementState.ENDED, TODAY)


@pytest.mark.parametrize(
    "change",
    [
        {"customer_signed_at": None},
        {"provider_signed_at": NOW + timedelta(days=1)},
        {"provider_signed_by": None},
        {"valid_from": date(2020, 1, 1)},
        {"state": "proposed"},
        {"relation_id": 0},
        {"standard_id": 0},
        {"proposed_at": NOW + timedelta(days=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_signed_is_kept_by_the_database(change):
    agreement = make.signed(make.two_ends())
    rows = Agreement.objects.filter(pk=agreement.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete("default")
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.IN_FORCE


def test_an_agreement_that_is_over_stays_as_it_was():
    ends = make.two_ends()
    agreement = make.signed(ends)
    actions.end_agreement(
        agreement=agreement,
        by=ends.provider_lead,
        reason="Over",
        version=agreement.version,
        now=NOW,
    )
    for change in ({"state": "in_force"}, {"valid_to": None}, {"ended_reason": "Other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.update(**change)


def test_what_waits_for_a_signature_waits_for_who_has_not_signed():
    ends = make.two_ends()
    agreement = sign(make.agreement(ends), ends.customer_lead)

    waiting = {
        person: list(queries.waiting_for(policies.standing(person, now=NOW)).to_sign)
        for person in (ends.provider_lead, ends.customer_lead, ends.provider_member)
    }
    assert waiting == {
        ends.provider_lead: [agreement],
        ends.customer_lead: [],
        ends.provider_member: [],
    }
