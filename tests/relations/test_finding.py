"""Who finds needs, agreements and relations by words: the people of their two ends, and the counts tell no more."""

import pytest
from django.utils import timezone, translation

from neike.kernel import search
from neike.kernel.outbox import deliver_pending
from neike.org import queries as org_queries
from neike.portal.queries import find
from neike.portal.queries.finding import Seeker
from neike.relations import actions
from neike.relations.choices import Dimension, RelationKind
from tests.make import administrator, department, org, person
from tests.make import relations as make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def ends():
    return make.two_ends()


def found(by, text):
    """Return what somebody finds among relations, and the count they are told."""
    on = org_queries.organisation_day(NOW)
    seeker = Seeker(by, NOW, on, org_queries.chart(on=on))
    groups = find(seeker, text, kinds=("relations",))
    return ([each.thing for each in groups[0].found], groups[0].count) if groups else ([], 0)


def state(relation, by, statement="Zebra reports on Monday"):
    made = actions.state_need(
        relation=relation,
        by=by,
        dimension=Dimension.QUALITY,
        content=make.content(statement=statement),
        now=NOW,
    )
    deliver_pending(now=NOW)
    return made


def test_people_of_the_two_ends_find_a_need_and_nobody_else_does(ends):
    need = state(make.confirmed(ends, now=NOW), ends.customer_lead)

    for inside in (ends.provider_member, ends.customer_member):
        assert found(inside, "zebra") == ([need], 1)
    for outside in (person(department=department()), administrator()):
        assert found(outside, "zebra") == ([], 0)


def test_a_need_between_two_persons_is_found_by_nobody(ends):
    """It is not in the index at all: what two persons say to each other stays on their relation's page."""
    one, other = ends.provider_member, ends.customer_member
    relation = make.between_people(one, other, kind=RelationKind.SUPPORT, now=NOW)
    state(relation, other)

    for reader in (one, other, ends.provider_lead, ends.customer_lead, administrator()):
        assert found(reader, "zebra") == ([], 0)


def test_who_leaves_an_end_finds_its_needs_no_more(ends):
    state(make.confirmed(ends, now=NOW), ends.customer_lead)
    assert found(ends.customer_member, "zebra")[1] == 1

    ends.customer_member.placements.update(department=department())

    assert found(ends.customer_member, "zebra") == ([], 0)


def test_what_is_revised_is_found_by_its_new_words_and_what_is_retired_or_over_by_none(ends):
    relation = make.confirmed(ends, now=NOW)
    need, other = (
        state(relation, ends.customer_lead),
        state(relation, ends.customer_lead, "Giraffe"),
    )
    content = make.content(statement="Lion lists")
    need = actions.revise_need(
        need=need, by=ends.customer_lead, content=content, version=1, now=NOW
    )
    deliver_pending(now=NOW)
    assert found(ends.provider_lead, "zebra") == ([], 0)
    assert found(ends.provider_lead, "lion") == ([need], 1)

    actions.retire_need(need=need, by=ends.customer_lead, version=2, now=NOW)
    deliver_pending(now=NOW)
    assert found(ends.provider_lead, "lion") == ([], 0)
    assert found(ends.provider_lead, "giraffe") == ([other], 1)

    actions.end(
        relation=relation, by=ends.provider_lead, reason="Over", version=relation.version, now=NOW
    )
    deliver_pending(now=NOW)
    assert found(ends.provider_lead, "giraffe") == ([], 0)


def test_agreements_are_found_by_their_service_while_they_hold(ends):
    agreement = make.signed(ends)
    deliver_pending(now=NOW)
    name = str(agreement.service.name)
    outside = person(department=department())

    assert found(ends.customer_member, name) == ([agreement], 1)
    assert found(outside, name) == ([], 0)

    actions.end_agreement(
        agreement=agreement,
        by=ends.customer_lead,
        reason="Over",
        version=agreement.version,
        now=NOW,
    )
    deliver_pending(now=NOW)
    assert found(ends.customer_member, name) == ([], 0)


def test_a_relation_between_departments_is_found_by_the_names_of_both(client_for):
    kitchen, hall = org.department("Kitchen"), org.department("Dancehall")
    lead = make.lead(kitchen)
    relation = actions.declare(
        provider=kitchen, customer=hall, kind=RelationKind.SUPPORT, by=lead, now=NOW
    )

    outside = person(department=department())
    assert found(outside, "dancehall kitchen") == ([relation], 1)
    assert found(outside, "kitchen") == ([], 0)
    page = client_for(outside).get("/search/", {"q": "kitchen dancehall"}).content.decode()
    assert relation.path in page


def test_the_index_built_anew_holds_the_same(ends):
    need = state(make.confirmed(ends, now=NOW), ends.customer_lead)
    search.empty()
    assert found(ends.provider_lead, "zebra") == ([], 0)

    search.build_anew()

    assert found(ends.provider_lead, "zebra") == ([need], 1)
