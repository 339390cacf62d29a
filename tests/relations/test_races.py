"""Both sides at once, and the product beside them, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from neike.kernel.outbox import deliver_pending
from neike.org.models import Department
from neike.relations import actions, checks
from neike.relations.choices import (
    AgreementState,
    ChangeKind,
    Dimension,
    RelationKind,
    RelationLevel,
    RelationState,
)
from neike.relations.models import Agreement, Need, NeedGuess, RelationChange, ServiceRelation
from tests.make import catalog, department, person
from tests.make import relations as make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=1)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Run the deeds in threads that begin together; return results or exceptions in order."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        start.wait()
        try:
            return deed()
        except (actions.RelationError, PermissionDenied) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def of(kind: type, results: list[object]) -> list[object]:
    return [each for each in results if isinstance(each, kind)]


@pytest.fixture
def ends():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads cannot share SQLite's database in memory; the same runs on PostgreSQL")
    return make.two_ends()


@pytest.fixture(autouse=True)
def _history_holds(ends):
    """Whatever happened at once, each relation is what its history says."""
    yield
    assert checks.relations_follow_from_their_history(LATER) == []
    assert checks.histories_have_no_gaps(LATER) == []


def test_both_sides_who_confirm_a_proposal_at_once_do_not_overwrite_each_other(ends):
    relation = make.proposed(ends)

    results = at_once(
        *(
            lambda by=by: actions.confirm(relation=relation, by=by, version=1, now=NOW)
            for by in (ends.provider_lead, ends.customer_lead)
        )
    )

    assert len(of(actions.RelationChangedError, results)) == 1
    relation.refresh_from_db()
    assert (relation.state, relation.version) == (RelationState.DECLARED, 2)


def test_a_confirmation_and_an_end_at_once_leave_one_of_them(ends):
    relation = make.declared(ends)

    results = at_once(
        lambda: actions.confirm(relation=relation, by=ends.customer_lead, version=1, now=NOW),
        lambda: actions.end(
            relation=relation, by=ends.provider_lead, reason="Over", version=1, now=NOW
        ),
    )

    assert len(of(actions.RelationError, results)) == 1
    relation.refresh_from_db()
    assert relation.version == 2
    assert relation.state in {RelationState.CONFIRMED, RelationState.ENDED}


def test_a_double_proposal_makes_one_relation_and_leads_to_it(ends):
    results = at_once(
        lambda: make.declared(ends),
        lambda: make.declared(ends, by=ends.customer_lead),
        lambda: make.proposed(ends),
    )

    refused = of(actions.DuplicateRelationError, results)
    made = ServiceRelation.objects.get()
    assert len(refused) == 2
    assert {error.relation for error in refused} == {made}


def test_two_who_would_each_lead_the_other_cannot_both(ends):
    one, other = ends.provider_lead, ends.customer_lead

    def lead(provider, customer):
        return actions.declare(
            provider=provider, customer=customer, kind=RelationKind.TEAM, by=provider, now=NOW
        )

    results = at_once(lambda: lead(one, other), lambda: lead(other, one))

    assert len(of(actions.CycleError, results)) == 1
    assert ServiceRelation.objects.count() == 1


def test_both_signatures_at_once_leave_one_and_the_other_is_told(ends):
    agreement = make.agreement(ends)

    results = at_once(
        *(
            lambda by=by: actions.sign(
                agreement=agreement, by=by, version=agreement.version, now=NOW
            )
            for by in (ends.provider_lead, ends.customer_lead)
        )
    )

    assert len(of(actions.AgreementChangedError, results)) == 1
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.PROPOSED


def test_a_signature_and_a_new_version_at_once_leave_one_to_sign_and_at_most_one_in_force(ends):
    made = make.agreement(ends)
    made = actions.sign(agreement=made, by=ends.provider_lead, version=made.version, now=NOW)
    newer = catalog.published_standard(made.service)

    at_once(
        lambda: actions.sign(agreement=made, by=ends.customer_lead, version=made.version, now=NOW),
        lambda: actions.propose_agreement(
            relation=made.relation, standard=newer, by=ends.provider_lead, now=NOW
        ),
    )

    states = list(Agreement.objects.order_by("pk").values_list("state", flat=True))
    assert states in (
        [AgreementState.IN_FORCE, AgreementState.PROPOSED],
        [AgreementState.ENDED, AgreementState.PROPOSED],
    )


def test_an_agreement_is_not_signed_on_a_relation_that_ends_at_the_same_moment(ends):
    made = make.agreement(ends)
    made = actions.sign(agreement=made, by=ends.provider_lead, version=made.version, now=NOW)
    relation = ServiceRelation.objects.get()

    at_once(
        lambda: actions.sign(agreement=made, by=ends.customer_lead, version=made.version, now=NOW),
        lambda: actions.end(
            relation=relation,
            by=ends.provider_lead,
            reason="Over",
            version=relation.version,
            now=NOW,
        ),
    )

    made.refresh_from_db()
    assert made.state == AgreementState.ENDED


def test_two_who_state_a_need_at_once_are_both_heard_and_a_double_click_is_one_need(ends):
    relation = make.confirmed(ends)

    def state(by, statement):
        return actions.state_need(
            relation=relation,
            by=by,
            dimension=Dimension.QUALITY,
            content=make.content(statement=statement),
            now=NOW,
        )

    at_once(
        lambda: state(ends.customer_lead, "No typing errors."),
        lambda: state(ends.customer_member, "Everything in one mail."),
    )
    assert Need.objects.count() == 2

    results = at_once(*(lambda: state(ends.customer_lead, "Every page.") for _ in range(3)))
    assert len(of(actions.DuplicateNeedError, results)) == 2
    assert Need.objects.count() == 3


def test_two_who_revise_a_need_at_once_leave_one_new_version(ends):
    need = make.need(ends)

    results = at_once(
        *(
            lambda level=level: actions.revise_need(
                need=need,
                by=ends.customer_lead,
                content=make.content(expected=level),
                version=1,
                now=NOW,
            )
            for level in (1, 2)
        )
    )

    assert len(of(actions.NeedChangedError, results)) == 1
    assert list(need.versions.values_list("version", flat=True)) == [1, 2]


def test_a_guess_and_a_revision_at_once_never_show_the_new_level_unguessed(ends):
    need = make.need(ends)

    at_once(
        lambda: actions.guess(
            need=need, by=ends.provider_lead, expected=2, importance=2, version=1, now=NOW
        ),
        lambda: actions.revise_need(
            need=need, by=ends.customer_lead, content=make.content(), version=1, now=NOW
        ),
    )

    assert not NeedGuess.objects.filter(version=2).exists()


def test_a_double_click_on_a_guess_is_one_guess(ends):
    need = make.need(ends)
    results = at_once(
        *(
            lambda: actions.guess(
                need=need, by=ends.provider_lead, expected=2, importance=2, version=1, now=NOW
            )
            for _ in range(3)
        )
    )
    assert len(of(actions.NotPossibleError, results)) == 2
    assert NeedGuess.objects.count() == 1


@pytest.fixture
def team(ends):
    """A department with a head and thirty people."""
    where = department()
    make.lead(where)
    for _ in range(30):
        person(department=where)


def test_the_chart_followed_three_times_at_once_proposes_everything_once(team):
    results = at_once(*(lambda: actions.follow_chart(now=NOW) for _ in range(3)))

    between = ServiceRelation.objects.filter(level=RelationLevel.PERSON)
    pairs = between.values_list("kind", "provider_person", "customer_person")
    assert len(set(pairs)) == len(pairs) == sum(results) > 60
    changes = RelationChange.objects.filter(kind=ChangeKind.PROPOSED, relation__in=between)
    assert changes.count() == between.count()


def test_the_chart_goes_on_beside_people_who_state_the_same(team):
    lead, *members = Department.objects.order_by("-pk")[0].placements.order_by("pk")

    def state(member):
        return actions.declare(
            provider=lead.person,
            customer=member.person,
            kind=RelationKind.TEAM,
            by=lead.person,
            now=NOW,
        )

    at_once(
        lambda: actions.follow_chart(now=NOW),
        *(lambda member=member: state(member) for member in members[-3:]),
    )

    pairs = ServiceRelation.objects.filter(level=RelationLevel.PERSON, kind=RelationKind.TEAM)
    ends = list(pairs.values_list("provider_person", "customer_person"))
    assert len(set(ends)) == len(ends)
    assert {(lead.person_id, each.person_id) for each in members} <= set(ends)


def test_the_chart_ends_beside_people_who_confirm(team):
    actions.follow_chart(now=NOW)
    leaver = Department.objects.order_by("-pk")[0].placements.order_by("pk")[1].person
    mine = list(ServiceRelation.objects.filter(customer_person=leaver))
    leaver.left_on = LATER.date()
    leaver.save()

    at_once(
        lambda: actions.follow_chart(now=LATER),
        *(
            lambda each=each: actions.confirm(relation=each, by=leaver, version=1, now=NOW)
            for each in mine
        ),
    )

    rows = ServiceRelation.objects.filter(customer_person=leaver)
    assert {row.state for row in rows} == {RelationState.ENDED}


def test_a_new_standard_asks_once_for_signatures_however_often_it_is_announced(ends):
    made = make.signed(ends)
    newer = catalog.published_standard(made.service)

    results = at_once(
        *(
            lambda: actions.propose_agreement(
                relation=made.relation, standard=newer, by=None, now=NOW
            )
            for _ in range(3)
        ),
        lambda: deliver_pending(now=NOW),
    )

    waiting = Agreement.objects.filter(standard=newer, state=AgreementState.PROPOSED)
    assert waiting.count() == 1
    assert len(of(Agreement, results)) <= 1
