"""What desk and surveys say about relations: only what the reader may read, in the same number of queries for many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from neike.kernel.registries import RELATION_FIGURES, RelationSeen
from neike.org.models import Placement
from neike.relations import actions
from neike.relations.choices import Origin, RelationKind
from neike.relations.models import ServiceRelation
from neike.relations.policies import standing
from neike.relations.queries.relations import ENDS
from tests.make import desk, org, surveys

pytestmark = pytest.mark.django_db
NOW = surveys.RESOLVED_AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def company():
    return desk.company()


def related(provider, customer, kind=RelationKind.SUPPORT):
    made = actions.propose(
        provider=provider,
        customer=customer,
        kind=kind,
        origin=Origin.OBSERVED,
        by=None,
        now=desk.MONDAY,
    )

    return ServiceRelation.objects.select_related(*ENDS).get(pk=made.pk)


def said(key, person, relation, side):
    """Return label and value of what is said about one relation."""
    found = RELATION_FIGURES.get(key).facts(person, [RelationSeen(relation, side)], NOW)
    return [(str(fact.label), fact.value) for fact in found.get(relation.pk, [])]


def test_open_requests_are_counted_both_ways_and_worded_for_the_side(company):
    company.accepted()
    company.submit()
    company.submit(service=company.it_other, by=company.ivan)
    relation = related(company.it, company.hr)

    assert said("desk.open", company.it_head, relation, "provider") == [("Open with us", "2")]
    assert said("desk.open", company.ivan, relation, "customer") == [("Open with them", "2")]


def test_who_may_not_read_a_request_does_not_count_it(company):
    company.submit(confidential=True)
    company.submit()
    relation = related(company.it, company.hr)

    assert said("desk.open", company.it_head, relation, "provider") == [("Open with us", "2")]
    assert said("desk.open", company.hr_head, relation, "customer") == [("Open with them", "1")]
    assert said("desk.open", company.fang, relation, "provider") == []


def test_between_persons_and_positions_the_people_at_the_ends_count(company):
    company.accepted()
    posts = [Placement.objects.get(person=each).position for each in (company.ivan, company.anna)]
    persons, positions = related(company.ivan, company.anna), related(*posts)

    assert said("desk.open", company.ivan, persons, "provider") == [("Open with us", "1")]
    assert said("desk.open", company.anna, positions, "customer") == [("Open with them", "1")]
    assert said("desk.open", company.ines, related(company.ines, company.anna), "provider") == []


def test_the_last_rating_is_told_to_those_who_may_read_it_by_name(company):
    surveys.rating(company, score=2)
    surveys.rating(company, score=5, at=surveys.RESOLVED_AT + timedelta(minutes=5))
    relation = related(company.it, company.hr)

    [(label, value)] = said("surveys.last", company.it_head, relation, "provider")
    assert label == "Their last rating"
    assert value.startswith("5 · very good")
    for person in (company.hr_head, company.fang, org.administrator()):
        assert said("surveys.last", person, relation, "customer") == []


def test_between_persons_the_last_rating_is_of_what_the_one_did_for_the_other(company):
    ticket = surveys.resolved(company)
    rating = surveys.rating(company, rater=company.anna, score=4)
    type(rating).objects.filter(pk=rating.pk).update(ticket=ticket)
    relation = related(company.ivan, company.anna)

    [(label, value)] = said("surveys.last", company.anna, relation, "customer")
    assert (label, value[:8]) == ("Our last rating", "4 · good")
    assert said("surveys.last", company.ines, related(company.ines, company.anna), "provider") == []


@pytest.mark.parametrize("key", ["desk.open", "surveys.last"])
def test_many_relations_cost_what_one_costs(company, key):
    company.submit()
    surveys.rating(company)
    ends = [(company.it, company.hr), (company.it, company.finance), (company.finance, company.it)]
    relations = [related(*each) for each in ends]
    costs = []
    for length in (3, 1, 3):  # the first read also learns what is kept in the process
        who = standing(company.it_head, now=NOW)
        seen = [RelationSeen(each, "provider") for each in relations[:length]]
        with CaptureQueriesContext(connection) as spent:
            RELATION_FIGURES.get(key).facts(who.person, seen, NOW)
        costs.append(len(spent))

    assert costs[1] == costs[2] <= costs[0]
