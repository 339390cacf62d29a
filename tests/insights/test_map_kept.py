"""The map is read again exactly when something it shows changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from neike.insights import actions
from neike.insights.choices import MapState, Measure
from neike.insights.models import ComputedFigures, ObservedEdge, PairShare
from neike.insights.queries import computed
from neike.insights.queries.map_edges import service_map, whole_map
from neike.insights.queries.map_network import shape_of
from neike.insights.queries.map_places import places
from neike.org import queries as org_queries
from neike.org.models import Department
from neike.relations.models import RelationChange, ServiceRelation
from neike.relations.policies import standing
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


def test_dear_figures_are_computed_once_for_all_processes(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(computed, "DEAR", 3)
    ends = [org.department(f"D{number}") for number in range(4)]
    for number, one in enumerate(ends):
        make.seen(one, ends[(number + 1) % 4], 20 + number)
        make.seen(ends[(number + 2) % 4], one, 10)
    cold = whole_map(org_queries.quarter_of(make.Q1), on=DAY)
    nodes = [each.pk for each in ends]
    expected = shape_of(cold), places(nodes, cold)

    assert actions.warm_map(now=NOW) > 0
    assert actions.warm_map(now=NOW) == 0
    monkeypatch.setattr("neike.insights.queries.map_network.betweenness", None)
    monkeypatch.setattr("neike.insights.queries.map_places.layout", None)
    ServiceRelation.objects.all().delete()
    other = replace(cold, _kept={})  # as another process reads it

    with django_assert_num_queries(2):
        assert (shape_of(other), places(nodes, other)) == expected


def test_figures_nobody_asks_for_are_thrown_away(pair, monkeypatch):
    monkeypatch.setattr(computed, "DEAR", 1)
    now = NOW
    actions.warm_map(now=now)
    assert ComputedFigures.objects.exists()

    monkeypatch.setattr(computed, "DEAR", 1_000_000)
    actions.warm_map(now=now + timedelta(days=8))
    assert not ComputedFigures.objects.exists()


def test_how_promises_were_kept_is_read_once_until_it_is_counted_anew(pair):
    who = standing(org.person("Anybody", department=pair[1]), now=NOW)

    def kept():
        quarter = org_queries.quarter_of(make.Q1)
        return service_map(quarter, Measure.KEPT, on=DAY, who=who, now=NOW).edges

    share = PairShare.objects.create(
        quarter_start=make.Q1, supplier=pair[0], customer=pair[1], kept=9, missed=1
    )
    edges = kept()
    assert kept() is edges
    assert [(one.figure.value, one.figure.n) for one in edges if one.figure] == [(0.9, 10)]

    PairShare.objects.filter(pk=share.pk).update(kept=5, missed=5)
    assert [one.figure.value for one in kept() if one.figure] == [0.5]
