"""Who gets the next piece of work: a table of worked cases, and what must never happen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.assignment import Candidate, Mode, Policy, Reason, Request, choose

DAY = datetime(2026, 3, 2, tzinfo=UTC)
SOON, LATER = DAY + timedelta(hours=1), DAY + timedelta(hours=9)


def one(pk, load=0, capacity=4, **more):
    return Candidate(id=pk, load=load, capacity=capacity, **more)


TABLE = [
    # what it shows, mode, request, people, who, why
    ("nobody gives out work", Mode.OFF, Request(), [one(1)], None, Reason.OFF),
    ("who never had anything is first in turn", Mode.TURN, Request(), [one(1, last_at=DAY), one(2)], 2, Reason.TURN),
    ("then who has waited longest", Mode.TURN, Request(), [one(1, last_at=SOON), one(2, last_at=DAY)], 2, Reason.TURN),
    ("the turn passes over who is full", Mode.TURN, Request(), [one(1, load=4), one(2, last_at=DAY)], 2, Reason.TURN),
    ("load counts relative to capacity", Mode.LOAD, Request(), [one(1, load=2, capacity=4), one(2, load=3, capacity=10)], 2, Reason.LOAD),
    ("equal loads go to who has waited", Mode.LOAD, Request(), [one(1, last_at=SOON), one(2, last_at=DAY)], 2, Reason.LOAD),
    ("skill before load", Mode.SKILL, Request(skills=frozenset({7})), [one(1), one(2, load=3, skills=frozenset({7}))], 2, Reason.SKILL),
    ("the best part of the skills", Mode.SKILL, Request(skills=frozenset({7, 8})), [one(1), one(2, skills=frozenset({8}))], 2, Reason.SKILL),
    ("room before skill", Mode.SKILL, Request(skills=frozenset({7})), [one(1), one(2, load=4, skills=frozenset({7}))], 1, Reason.SKILL),
    ("nobody has room: the least overfull", Mode.LOAD, Request(), [one(1, load=8), one(2, load=5)], 2, Reason.OVERFULL),
    ("who is away gets nothing", Mode.LOAD, Request(), [one(1, present=False), one(2, load=3)], 2, Reason.LOAD),
    ("capacity nought gets nothing", Mode.LOAD, Request(), [one(1, capacity=0), one(2, load=3)], 2, Reason.LOAD),
    ("everybody is away", Mode.TURN, Request(), [one(1, present=False)], None, Reason.AWAY),
    ("after hours it waits", Mode.TURN, Request(), [one(1, at_work=False, next_at=LATER)], None, Reason.CLOSED),
    ("an urgent one goes to who is back first", Mode.TURN, Request(urgent=True),
     [one(1, at_work=False, next_at=LATER), one(2, at_work=False, next_at=SOON)], 2, Reason.TURN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "request_", "people", "who", "why"),
    [row[1:] for row in TABLE],
    ids=[r[0] for r in TABLE],
)
def test_worked_cases(mode, request_, people, who, why):
    choice = choose(Policy(mode=mode), request_, people)
    assert (choice.person, choice.reason) == (who, why)


def test_what_nobody_can_take_goes_to_the_fallback_unless_away_too():
    head = one(9)
    away = [one(1, present=False)]
    assert choose(Policy(mode=Mode.LOAD, fallback=head), Request(), away).person == 9
    absent = Policy(mode=Mode.LOAD, fallback=replace(head, present=False))
    assert choose(absent, Request(), away).person is None


def test_after_hours_the_next_working_hour_is_named():
    people = [one(1, at_work=False, next_at=LATER), one(2, at_work=False, next_at=SOON)]
    assert choose(Policy(mode=Mode.LOAD), Request(), people).next_at == SOON


people = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 50),
        capacity=st.integers(0, 5),
        load=st.integers(0, 8),
        skills=st.frozensets(st.integers(1, 3)),
        present=st.booleans(),
        at_work=st.booleans(),
        next_at=st.none() | st.sampled_from([SOON, LATER]),
        last_at=st.none() | st.sampled_from([DAY, SOON]),
    ),
    unique_by=lambda each: each.id,
    max_size=6,
)
policies = st.builds(Policy, mode=st.sampled_from(Mode), within_hours=st.booleans())
requests = st.builds(Request, skills=st.frozensets(st.integers(1, 3)), urgent=st.booleans())


@given(policies, requests, people)
def test_never_who_is_away_and_never_above_capacity_while_somebody_has_room(policy, request_, all_):
    choice = choose(policy, request_, all_)

    if choice.person is None:
        return
    chosen = next(each for each in all_ if each.id == choice.person)
    assert chosen.present
    assert chosen.capacity > 0
    if policy.within_hours and not request_.urgent:
        assert chosen.at_work
    pool = [
        each
        for each in all_
        if each.present and each.capacity and (each.at_work or not policy.within_hours)
    ]
    if not chosen.has_room and pool:
        assert not any(each.has_room for each in pool)


@given(policies, requests, people)
def test_the_order_of_the_candidates_does_not_matter(policy, request_, all_):
    assert choose(policy, request_, all_) == choose(policy, request_, all_[::-1])


@given(st.integers(1, 6), st.integers(1, 4))
def test_taking_turns_gives_everybody_the_same(people_count, rounds):
    crew = {pk: one(pk, capacity=100) for pk in range(1, people_count + 1)}
    now = DAY
    for _turn in range(people_count * rounds):
        now += timedelta(minutes=1)
        pk = choose(Policy(mode=Mode.TURN), Request(), crew.values()).person
        assert pk is not None
        crew[pk] = replace(crew[pk], load=crew[pk].load + 1, last_at=now)
    assert {each.load for each in crew.values()} == {rounds}
