"""The map is read again exactly when something it shows changed."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from neike.insights.choices import MapState
from neike.insights.models import ObservedEdge
from neike.insights.queries.map_edges import whole_map
from neike.insights.queries.map_network import shape_of
from neike.insights.queries.map_places import places
from neike.org import queries as org_queries
from neike.org.models import Department
from neike.relations.models import RelationChange, ServiceRelation
from tests.make import maps as make
from tests.make import org, relations
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture
def pair():
    ends = org.department("IT"), org.department("HR")
    make.seen(*ends, 20)
    relations.declared()
    read()
    return ends


def read():
    return whole_map(org_queries.quarter_of(make.Q1), on=DAY)


def test_an_unchanged_map_is_one_query_and_the_same_one(pair):
    quarter = org_queries.quarter_of(make.Q1)
    with CaptureQueriesContext(connection) as asked:
        again = whole_map(quarter, on=DAY)

    assert len(asked) == 1
    assert again is read()


@pytest.mark.parametrize(
    "change",
    [
        lambda: ObservedEdge.objects.update(legs=30),
        lambda: ObservedEdge.objects.all().delete(),
        lambda: make.seen(org.department("Law"), org.department("Ops"), 9),
        lambda: ServiceRelation.objects.update(valid_from=date(2027, 1, 1)),
        lambda: ServiceRelation.objects.update(closeness=3),
        relations.confirmed,
    ],
    ids=["edges", "no edges", "new edge", "dates", "closeness", "confirmed"],
)
def test_every_change_is_seen_at_once(pair, change):
    before = read()

    change()

    after = read()
    assert (after.edges, after.compared, after.shown) != (
        before.edges,
        before.compared,
        before.shown,
    )


def test_a_new_word_in_the_history_of_a_relation_is_seen_at_once(pair):
    relation = ServiceRelation.objects.get()
    before = read()

    first = RelationChange.objects.get(relation=relation)
    RelationChange.objects.create(
        relation=relation, seq=2, kind="contested", at=NOW, on=first.on, state="contested"
    )

    was, now = (
        [line.state for edge in each.edges for line in edge.relations] for each in (before, read())
    )
    assert (was, now) == (["declared"], [])


def test_what_is_taken_back_was_never_on_the_map(pair):
    before = read()
    with transaction.atomic():
        ObservedEdge.objects.update(legs=900)
        inside = read()
        transaction.set_rollback(True)
    ObservedEdge.objects.update(legs=700)

    assert {edge.legs for edge in inside.edges} == {900, None}
    assert {edge.legs for edge in read().edges} == {700, None}
    assert {edge.legs for edge in before.edges} == {20, None}


def test_figures_and_places_are_computed_once_for_a_map(pair):
    whole = read()
    nodes = {edge.provider for edge in whole.edges} | {edge.customer for edge in whole.edges}

    assert shape_of(whole) is shape_of(read())
    assert places(nodes, whole) is places(nodes, read())
    assert set(places({each.pk for each in pair}, whole)) == {each.pk for each in pair}

    ObservedEdge.objects.update(legs=40)
    assert shape_of(read()).network.nodes[pair[0].pk].given == 40


def test_without_a_stamp_nothing_is_kept(pair):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM stamps_stamp WHERE topic = 'observed_edges'")

    assert read() is not read()
    assert {edge.state for edge in read().edges} >= {MapState.PAPER}
    assert Department.objects.count() >= 2
