"""The pages about agreements: the promise in full, two taps for each side, what a new version changes."""

import pytest
from django.urls import reverse

from neike.catalog import actions as catalog_actions
from neike.relations import actions
from neike.relations.choices import AgreementState
from neike.relations.models import Agreement
from tests.make import catalog, org, relations
from tests.make.org import NOW

pytestmark = pytest.mark.django_db

ANSWERED = catalog.text("The first answer says who works on it", "首次答复说明由谁处理")
TESTED = catalog.text("It was tried before it is handed over", "交付前已试用")


@pytest.fixture
def client_for(client_for, settings):
    """A signed-in client that reads English."""

    def sign_in(person):
        client = client_for(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


@pytest.fixture
def ends():
    return relations.two_ends()


@pytest.fixture
def relation(ends):
    return relations.confirmed(ends)


@pytest.fixture
def agreement(ends, relation):
    return relations.agreement(ends, relation)


def page(name, thing):
    return reverse(f"relations:{name}", args=[thing.public_id])


def signing(agreement, side):
    return {"side": side, "version": agreement.version}


def both_sign(client_for, ends, agreement):
    for side, by in (("provider", ends.provider_lead), ("customer", ends.customer_lead)):
        agreement.refresh_from_db()
        client_for(by).post(page("agreement_sign", agreement), signing(agreement, side))
    agreement.refresh_from_db()


def anew(agreement, **fields):
    """Publish a new version of the agreed standard and propose it."""
    standard = catalog.published_standard(agreement.service, **fields)
    agreement.service.refresh_from_db()
    return Agreement.objects.filter(standard=standard).first() or actions.propose_agreement(
        relation=agreement.relation, standard=standard, by=None, now=NOW
    )


def test_a_lead_proposes_a_published_standard_to_both_sides(client_for, ends, relation):
    service = catalog.service(ends.provider)
    client = client_for(ends.customer_lead)
    assert (
        service.name.in_language("en")
        in client.get(page("agreement_new", relation)).content.decode()
    )

    response = client.post(page("agreement_new", relation), {"service": str(service.public_id)})

    made = relation.agreements.get()
    assert (response.status_code, response.url) == (302, made.path)
    assert (made.standard, made.state) == (service.standard, AgreementState.PROPOSED)


def test_what_waits_or_is_in_force_is_not_offered_again(client_for, ends, relation, agreement):
    response = client_for(ends.provider_lead).get(page("agreement_new", relation))

    assert response.context["offers"] == []


def test_a_service_of_another_department_cannot_be_promised(client_for, ends, relation):
    other = catalog.service(ends.customer)

    response = client_for(ends.provider_lead).post(
        page("agreement_new", relation), {"service": str(other.public_id)}
    )

    assert response.status_code == 422
    assert not relation.agreements.exists()


def test_members_read_but_do_not_propose_or_sign(client_for, ends, relation, agreement):
    client = client_for(ends.customer_member)

    response = client.get(page("agreement", agreement))

    assert response.status_code == 200
    assert "Sign for" not in response.content.decode()
    assert client.get(page("agreement_new", relation)).status_code == 403
    signed = client.post(page("agreement_sign", agreement), signing(agreement, "customer"))
    assert signed.status_code == 403


OUTSIDE = ["agreement", "agreement_print"]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("make", [org.person, org.administrator])
def test_agreements_are_absent_for_who_is_of_neither_end(
    client_for, relation, agreement, name, make
):
    client = client_for(make())

    assert client.get(page(name, agreement)).status_code == 404
    assert client.get(page("agreements", relation)).status_code == 404
    for action in ("sign", "decline", "end", "review"):
        assert client.post(page(f"agreement_{action}", agreement), {}).status_code == 404


def test_the_promise_is_shown_in_full(client_for, ends, relation):
    service = catalog.service(ends.provider)
    catalog.published_standard(service, quality_criteria=[ANSWERED])
    service.refresh_from_db()
    made = actions.propose_agreement(
        relation=relation, standard=service.standard, by=ends.provider_lead, now=NOW
    )

    html = client_for(ends.customer_member).get(page("agreement", made)).content.decode()

    for words in (
        "first response",
        "15 min",
        "2 h",
        ANSWERED.in_language("en"),
        "Monday–Friday",
        "clocks run",
    ):
        assert words in html


def test_both_sides_sign_and_the_agreement_is_in_force_that_day(client_for, ends, agreement):
    both_sign(client_for, ends, agreement)

    assert agreement.state == AgreementState.IN_FORCE
    html = client_for(ends.provider_member).get(page("agreement", agreement)).content.decode()
    assert f"signed by {ends.provider_lead.name}" in html
    assert f"signed by {ends.customer_lead.name}" in html
    assert "Sign for" not in html


def test_nobody_signs_for_the_other_side(client_for, ends, agreement):
    response = client_for(ends.provider_lead).post(
        page("agreement_sign", agreement), signing(agreement, "customer")
    )

    assert response.status_code == 403
    agreement.refresh_from_db()
    assert agreement.customer_signed_at is None


def test_a_stale_signature_answers_with_the_agreement_as_it_is_now(client_for, ends, agreement):
    stale = signing(agreement, "provider")
    client_for(ends.customer_lead).post(
        page("agreement_sign", agreement), signing(agreement, "customer")
    )

    response = client_for(ends.provider_lead).post(page("agreement_sign", agreement), stale)

    assert response.status_code == 409
    assert "Somebody was faster" in response.content.decode()
    assert f"signed by {ends.customer_lead.name}" in response.content.decode()


def test_declining_asks_for_a_reason_that_the_other_side_reads(client_for, ends, agreement):
    client = client_for(ends.customer_lead)
    without = client.post(page("agreement_decline", agreement), {"version": 1, "reason": " "})
    assert without.status_code == 422

    client.post(
        page("agreement_decline", agreement),
        {"version": agreement.version, "reason": "Two days are too long for us."},
    )

    html = client_for(ends.provider_lead).get(page("agreement", agreement)).content.decode()
    assert "Two days are too long for us." in html
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.DECLINED


def test_ending_takes_a_reason_and_keeps_the_page(client_for, ends, agreement):
    both_sign(client_for, ends, agreement)

    client_for(ends.customer_lead).post(
        page("agreement_end", agreement),
        {"version": agreement.version, "reason": "The service is not needed."},
    )

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.ENDED
    html = client_for(ends.provider_lead).get(page("agreement", agreement)).content.decode()
    assert "The service is not needed." in html


def test_a_review_moves_the_next_one(client_for, ends, agreement):
    both_sign(client_for, ends, agreement)
    client = client_for(ends.provider_lead)
    form = client.get(page("agreement", agreement)).context["review"]

    past = client.post(
        page("agreement_review", agreement),
        {"version": agreement.version, "review_on": "2020-01-01"},
    )
    client.post(
        page("agreement_review", agreement),
        {"version": agreement.version, "review_on": form.initial["review_on"]},
    )

    assert past.status_code == 422
    agreement.refresh_from_db()
    assert agreement.review_on == form.initial["review_on"]


def test_a_new_version_shows_what_changes_and_the_old_one_stays_until_both_sign(
    client_for, ends, relation
):
    service = catalog.draft_service(ends.provider)
    catalog_actions.publish_form(service=service, fields=catalog.FORM, by=None, now=NOW)
    catalog.published_standard(service, quality_criteria=[ANSWERED])
    service = catalog_actions.publish_service(service=service, by=None, now=NOW)
    old = actions.propose_agreement(
        relation=relation, standard=service.standard, by=ends.provider_lead, now=NOW
    )
    both_sign(client_for, ends, old)

    new = anew(
        old,
        targets=catalog_actions.minutes({"first_response": {"": 30}, "end_to_end": {"": 450}}),
        quality_criteria=[TESTED],
    )
    response = client_for(ends.customer_lead).get(page("agreement", new))

    changes = response.context["changes"]
    targets = {(each.priority, each.before, each.after) for each in changes.targets}
    assert targets == {
        ("urgent", 900, 1800),
        ("high", 3600, 1800),
        ("normal", 3600, 1800),
        ("low", 3600, 1800),
        ("urgent", 7200, 27000),
    }
    assert (changes.added, changes.removed) == ((TESTED,), (ANSWERED,))
    assert "stays in force" in response.content.decode()
    old.refresh_from_db()
    assert old.state == AgreementState.IN_FORCE

    both_sign(client_for, ends, new)
    old.refresh_from_db()
    assert (new.state, old.state) == (AgreementState.IN_FORCE, AgreementState.SUPERSEDED)
    history = client_for(ends.customer_lead).get(page("agreement", new)).context["history"]
    assert [each.pk for each in history] == [new.pk, old.pk]


def test_the_print_page_carries_promise_and_signatures(client_for, ends, agreement):
    both_sign(client_for, ends, agreement)

    html = client_for(ends.customer_member).get(page("agreement_print", agreement)).content.decode()

    assert ends.provider_lead.name in html
    assert "first response" in html
    assert "<form" not in html


def test_a_department_lists_what_it_gives_and_receives(client_for, ends, relation, agreement):
    other = relations.two_ends()
    relations.agreement(other)

    given = client_for(ends.customer_member).get(page("department_agreements", ends.provider))
    received = client_for(ends.customer_member).get(page("department_agreements", ends.customer))
    hidden = client_for(org.person()).get(page("department_agreements", ends.provider))

    assert [row["agreement"].pk for row in given.context["given"]] == [agreement.pk]
    assert [row["agreement"].pk for row in received.context["received"]] == [agreement.pk]
    assert (hidden.context["given"], hidden.context["received"]) == ([], [])


@pytest.mark.parametrize("name", ["department_agreements", "agreements"])
def test_lists_cost_the_same_at_any_number(
    client_for, ends, relation, name, django_assert_max_num_queries
):
    client = client_for(ends.provider_lead)
    address = page(name, ends.provider if name == "department_agreements" else relation)
    counts = []
    for length in (1, 3):
        while relation.agreements.count() < length:
            relations.agreement(ends, relation)
        client.get(address)
        with django_assert_max_num_queries(40) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
