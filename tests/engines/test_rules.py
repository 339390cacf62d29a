"""Whether the conditions of a rule hold, and what keeps rules from running in circles."""

import pytest

from neike.engines.rules import DEPTH, Condition, Join, Op, Stop, Wiring, circle, match, stopped

FACTS = {
    "priority": "1",
    "service": "s1",
    "text": ["Laptop 坏了", "screen flickers"],
    "answer:cost": {"amount": 500_000, "currency": "CNY"},
    "answer:number": 3,
    "answer:rooms": ["east", "west"],
}
TABLE = [
    ("priority", Op.IN, ["1", "2"], True),
    ("priority", Op.IN, ["3"], False),
    ("priority", Op.NOT_IN, ["3"], True),
    ("customer", Op.NOT_IN, ["x"], True),
    ("customer", Op.IN, ["x"], False),
    ("text", Op.CONTAINS, ["坏"], True),
    ("text", Op.CONTAINS, ["LAPTOP"], True),
    ("text", Op.CONTAINS, ["mouse", "flicker"], True),
    ("text", Op.CONTAINS, ["mouse"], False),
    ("answer:cost", Op.OVER, 499_999, True),
    ("answer:cost", Op.OVER, 500_000, False),
    ("answer:cost", Op.UNDER, 500_001, True),
    ("answer:number", Op.OVER, "2", True),
    ("answer:gone", Op.OVER, 0, False),
    ("answer:rooms", Op.IS, "West", True),
    ("answer:rooms", Op.IS, "north", False),
]


@pytest.mark.parametrize(("field", "op", "value", "held"), TABLE)
def test_worked_comparisons(field, op, value, held):
    assert Condition(field, op, value).holds(FACTS) is held


@pytest.mark.parametrize(("field", "op", "value", "held"), TABLE)
def test_a_condition_is_stored_and_read_without_loss(field, op, value, held):
    condition = Condition(field, op, value)
    assert Condition.parse(condition.as_json()) == condition


YES, NO = Condition("priority", Op.IN, ["1"]), Condition("priority", Op.IN, ["4"])


@pytest.mark.parametrize(
    ("conditions", "join", "held"),
    [
        ([], Join.ALL, True),
        ([], Join.ANY, True),
        ([YES, NO], Join.ALL, False),
        ([YES, NO], Join.ANY, True),
        ([NO], Join.ANY, False),
        ([YES, YES], Join.ALL, True),
    ],
)
def test_all_or_any_of_the_conditions(conditions, join, held):
    assert match(conditions, join, FACTS).held is held


def test_a_match_names_the_conditions_that_held():
    assert match([NO, YES], Join.ANY, FACTS).met == (YES,)


def test_the_loop_guard_stops_what_a_rule_caused_itself_long_chains_and_storms():
    assert stopped(1, chain=[3, 1], fired_today=0) == Stop.ITSELF
    assert stopped(1, chain=list(range(10, 10 + DEPTH)), fired_today=0) == Stop.DEPTH
    assert stopped(1, chain=[], fired_today=10) == Stop.OFTEN
    assert stopped(1, chain=[2], fired_today=9) is None


def test_a_circle_is_found_over_several_rules_and_only_then():
    hands_on = Wiring("offered", ("hand_over",))
    asks = Wiring("offered", ("ask_approval",))
    answers = Wiring("approval_decided", ("hand_over",))
    assert circle(1, {1: hands_on}) == (1,)
    assert circle(1, {1: asks, 2: answers}) == (1, 2)
    assert circle(1, {1: asks}) == ()
    assert circle(1, {1: Wiring("replied", ("message", "note"))}) == ()
