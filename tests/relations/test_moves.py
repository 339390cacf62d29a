"""What the two ends may do with a relation, in which state, and what comes of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from neike.relations import actions, queries
from neike.relations.choices import ChangeKind, RelationState, Side
from neike.relations.models import RelationChange, ServiceRelation
from tests.make import relations as make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
P, C = Side.PROVIDER, Side.CUSTOMER


def in_state(name: str, ends: make.Ends) -> ServiceRelation:
    if name == "ended":
        made = make.declared(ends)
        return actions.end(
            relation=made, by=ends.provider_lead, reason="Over", version=made.version, now=NOW
        )
    return getattr(make, name)(ends)


def move(name: str, side: Side, relation: ServiceRelation, ends: make.Ends) -> ServiceRelation:
    by = ends.provider_lead if side == P else ends.customer_lead
    common = {"relation": relation, "by": by, "version": relation.version, "now": NOW}
    if name == "confirm":
        return actions.confirm(**common)
    if name == "set_closeness":
        return actions.set_closeness(closeness=3, **common)
    return getattr(actions, name)(reason="Because", **common)


NO = "not possible"
TABLE = [
    # state, move, side, what comes of it
    ("proposed", "confirm", P, "declared"),
    ("proposed", "confirm", C, "declared"),
    ("proposed", "contest", P, NO),
    ("proposed", "contest", C, NO),
    ("proposed", "end", C, "ended"),
    ("proposed", "set_closeness", P, "proposed"),
    ("declared", "confirm", P, NO),
    ("declared", "confirm", C, "confirmed"),
    ("declared", "contest", P, "contested"),
    ("declared", "contest", C, "contested"),
    ("declared", "end", C, "ended"),
    ("confirmed", "confirm", P, NO),
    ("confirmed", "confirm", C, NO),
    ("confirmed", "contest", C, "contested"),
    ("confirmed", "contest", P, "contested"),
    ("confirmed", "end", P, "ended"),
    ("contested", "confirm", C, "confirmed"),
    ("contested", "confirm", P, NO),
    ("contested", "contest", C, NO),
    ("contested", "contest", P, "contested"),
    ("contested", "end", P, "ended"),
    ("ended", "confirm", C, NO),
    ("ended", "contest", C, NO),
    ("ended", "end", C, NO),
    ("ended", "set_closeness", C, NO),
]


@pytest.mark.parametrize(("state", "name", "side", "expected"), TABLE)
def test_the_table_of_states_and_moves_holds(state, name, side, expected):
    ends = make.two_ends()
    relation = in_state(state, ends)

    if expected == NO:
        with pytest.raises(actions.NotPossibleError):
            move(name, side, relation, ends)
        relation.refresh_from_db()
        assert relation.state == state
    else:
        assert move(name, side, relation, ends).state == expected


def test_every_move_leaves_one_change_with_who_when_and_why():
    ends = make.two_ends()
    relation = make.contested(ends)

    told = [
        (each.seq, each.kind, each.side, each.by, each.on, each.reason)
        for each in relation.changes.order_by("seq")
    ]
    assert told == [
        (1, ChangeKind.DECLARED, P, ends.provider_lead, TODAY, ""),
        (2, ChangeKind.CONTESTED, C, ends.customer_lead, TODAY, "We never asked."),
    ]


def test_nobody_but_the_two_ends_moves_a_relation():
    ends = make.two_ends()
    relation = make.declared(ends)

    for other in (ends.customer_member, make.two_ends().provider_lead):
        with pytest.raises(PermissionDenied):
            actions.confirm(relation=relation, by=other, version=relation.version, now=NOW)


def test_who_was_slower_is_told_and_changes_nothing():
    ends = make.two_ends()
    relation = make.confirmed(ends)

    with pytest.raises(actions.RelationChangedError) as refused:
        actions.end(relation=relation, by=ends.provider_lead, reason="Over", version=1, now=NOW)
    assert refused.value.relation.state == RelationState.CONFIRMED
    assert RelationChange.objects.filter(relation=relation).count() == 2


def test_a_relation_is_known_as_it_was_on_each_day():
    ends = make.two_ends()
    relation = make.declared(ends, valid_from=TODAY - timedelta(days=60))
    later = NOW + timedelta(days=10)
    relation = actions.confirm(
        relation=relation, by=ends.customer_lead, version=relation.version, now=later
    )
    actions.end(
        relation=relation,
        by=ends.customer_lead,
        reason="Project over",
        version=relation.version,
        now=later,
        on=TODAY + timedelta(days=30),
    )

    expected = {-61: None, -60: "declared", 9: "declared", 10: "confirmed", 29: "confirmed"}
    for days, state in expected.items():
        on = TODAY + timedelta(days=days)
        assert queries.relation_as_of(relation, on) == state
        rows = queries.as_of(on).values_list("state_then", flat=True)
        assert list(rows) == ([state] if state else [])
    after = TODAY + timedelta(days=30)
    assert queries.relation_as_of(relation, after) == "ended"
    assert not queries.as_of(after).exists()


def test_a_relation_is_as_close_on_a_day_as_it_was_said_to_be_then():
    ends = make.two_ends()
    relation = make.declared(ends, valid_from=TODAY - timedelta(days=60))  # closeness 2
    for closeness, day in ((3, 10), (1, 20)):
        relation = actions.set_closeness(
            relation=relation,
            by=ends.customer_lead,
            closeness=closeness,
            version=relation.version,
            now=NOW + timedelta(days=day),
        )

    for days, closeness in {-60: 2, 9: 2, 10: 3, 19: 3, 20: 1, 30: 1}.items():
        rows = queries.as_of(TODAY + timedelta(days=days))
        assert list(rows.values_list("closeness_then", flat=True)) == [closeness]


def test_a_proposal_that_was_turned_down_is_not_made_again_for_two_quarters():
    ends = make.two_ends()
    relation = make.proposed(ends)
    actions.end(
        relation=relation, by=ends.customer_lead, reason="No", version=relation.version, now=NOW
    )

    with pytest.raises(actions.RejectedLatelyError):
        make.proposed(ends, now=NOW + timedelta(days=181))
    assert make.proposed(ends, now=NOW + timedelta(days=182)).state == RelationState.PROPOSED
