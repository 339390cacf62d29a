"""From everything the map shows, under every condition, nobody learns about a pair that it does not show."""

import re
from itertools import product

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from neike.insights.models import ObservedEdge
from neike.insights.queries.observed import shown_edges
from neike.org import queries as org_queries
from neike.relations import actions as relation_actions
from neike.relations.choices import RelationKind
from neike.relations.models import ServiceRelation
from tests.make import maps as make
from tests.make import org, relations
from tests.make.org import NOW
from tests.make.pages import without_what_is_new

PERIOD = "2026-Q1"
FILES = ("map_csv", "map_svg")
PAGES = ("map", "map_matrix", "map_compare")
TOLD_ONCE = re.compile(
    r"Not shown in the whole organisation: .*?together\."  # its own rule: tests/engines/test_remainders.py
    r"|Pairs with fewer than three people at an end are not shown; .*?away\."
)
PLACES = 5
PAIRS = [(a, b) for a, b in product(range(PLACES), repeat=2) if a != b]
STRONG = st.tuples(st.integers(3, 40), st.just((3, 4)))
WEAK = st.tuples(st.integers(3, 40), st.sampled_from([(1, 9), (2, 2), (9, 2)]))
CONDITIONS = [
    {},
    {"state": "hidden"},
    {"state": "declared"},
    {"kind": "support"},
    {"measure": "kept"},
    {"within": 0},
    {"focus": 1},
]


@st.composite
def houses(draw):
    """Return what was seen of some pairs, and other volumes for those with few people."""
    seen = draw(st.dictionaries(st.sampled_from(PAIRS), st.one_of(STRONG, WEAK), max_size=10))
    others = {
        pair: draw(st.integers(3, 40)) for pair, (_legs, people) in seen.items() if min(people) < 3
    }
    return seen, others, draw(st.sets(st.sampled_from(PAIRS), max_size=5))


class TestNothingIsGivenAway(TestCase):
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(house=houses())
    def test_volumes_of_few_people_change_nothing_that_is_shown(self, house):
        """Not one byte of any page's numbers depends on them, so no two pages differ by them."""
        seen, others, declared = house
        root = org.department("House")
        departments = [org.department(f"Place {number}", parent=root) for number in range(PLACES)]
        head = relations.lead(root)
        for provider, customer in declared:
            relation_actions.declare(
                provider=departments[provider],
                customer=departments[customer],
                kind=RelationKind.SUPPORT,
                by=head,
                now=NOW,
            )
        for (provider, customer), (legs, people) in seen.items():
            make.seen(departments[provider], departments[customer], legs, people=people)
        make.counted()
        self.client.force_login(head)
        self.client.cookies["neike_language"] = "en"

        before = self.everything(departments)
        for (provider, customer), legs in others.items():
            ObservedEdge.objects.filter(
                supplier=departments[provider], customer=departments[customer]
            ).update(legs=legs, tickets=legs)

        assert self.everything(departments) == before

    def everything(self, departments):
        """Return every page and file that shows edges: the map under every condition, and what stands elsewhere."""
        found = []
        for conditions in CONDITIONS:
            asked = {
                name: departments[value].public_id if name in ("within", "focus") else value
                for name, value in conditions.items()
            }
            names = FILES if {"state", "kind"} & conditions.keys() else (*FILES, *PAGES)
            found += [
                self.seen_at(f"insights:{name}", {"period": PERIOD, **asked}) for name in names
            ]
        for each in departments:
            found.append(self.seen_at("portal:loop", {"period": PERIOD}, each.public_id))
            found.append(self.seen_at("relations:department", {}, each.public_id))
        for relation in ServiceRelation.objects.order_by("pk"):
            found.append(self.seen_at("relations:relation", {}, relation.public_id))
        found.append(self.seen_at("relations:mine", {}))
        found.append(self.seen_at("portal:loops", {"period": PERIOD}))
        return found

    def seen_at(self, view, query, *names):
        """Return a page or file without what is new in every answer, and without the one sum that is told."""
        response = self.client.get(reverse(view, args=names, query=query))
        assert response.status_code == 200
        return TOLD_ONCE.sub("", without_what_is_new(response.content.decode()))


@pytest.mark.django_db
def test_what_is_left_out_is_told_of_the_whole_organisation_alone(client_for):
    """A part of the map tells the same sum as the whole, so two parts cannot be subtracted."""
    places = [org.department(f"Place {number}") for number in range(6)]
    for number in range(5):
        make.seen(places[number], places[number + 1], 12, people=(2, 2))
    make.counted()
    client = client_for(org.person())
    quarter = org_queries.period_from_key("2026-Q1")

    sums = {
        client.get(
            reverse("insights:map", query={"period": "2026-Q1", "within": each.public_id})
        ).context["left_out"]
        for each in places
    }

    assert sums == {shown_edges(quarter, 1)}
