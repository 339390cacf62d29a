"""Which steps of a plan may begin, and which steps make no plan."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from neike.engines.plans import Join, Plan, PlanStep, Problem, ProblemKind, problems
from tests.engines.strategies import BOUNDED

# New colleague: the head approves; IT, Administration and HR then work beside each other; a welcome ends it.
KIT = (
    PlanStep("approve"),
    PlanStep("it", ("approve",)),
    PlanStep("admin", ("approve",)),
    PlanStep("contract", ("approve",)),
    PlanStep("welcome", ("it", "admin", "contract")),
)


@pytest.mark.parametrize(
    ("begun", "done", "expected"),
    [
        ((), (), ["approve"]),
        (("approve",), (), []),
        (("approve",), ("approve",), ["it", "admin", "contract"]),
        (("approve", "it", "admin", "contract"), ("approve", "it"), []),
        (
            ("approve", "it", "admin", "contract"),
            ("approve", "it", "admin", "contract"),
            ["welcome"],
        ),
    ],
)
def test_a_step_begins_when_those_before_it_are_done(
    begun: tuple[str, ...], done: tuple[str, ...], expected: list[str]
) -> None:
    assert Plan(KIT).to_begin(begun=begun, done=done) == expected


def test_the_first_of_several_is_enough_when_any_is() -> None:
    steps = (PlanStep("a"), PlanStep("b"), PlanStep("c", ("a", "b"), Join.ANY))

    assert Plan(steps).to_begin(begun=("a", "b"), done=()) == []
    assert Plan(steps).to_begin(begun=("a", "b"), done=("b",)) == ["c"]


def test_what_waits_for_a_step_left_out_waits_for_what_that_one_would_have_waited_for() -> None:
    plan = Plan(KIT, left_out=("it", "admin", "contract"))

    assert plan.to_begin(begun=("approve",), done=()) == []
    assert plan.to_begin(begun=("approve",), done=("approve",)) == ["welcome"]


def test_a_step_left_out_is_not_the_first_of_several() -> None:
    steps = (PlanStep("a"), PlanStep("b"), PlanStep("c", ("a", "b"), Join.ANY))

    assert Plan(steps, left_out=("a",)).to_begin(begun=("b",), done=()) == []
    assert Plan(steps, left_out=("a", "b")).to_begin(begun=(), done=()) == ["c"]


def test_the_whole_needs_all_its_ends_or_the_first() -> None:
    steps = (PlanStep("a"), PlanStep("b"), PlanStep("c", ("b",)))

    assert Plan(steps).still_needed(()) == ["a", "b", "c"]
    assert Plan(steps).still_needed(("a",)) == ["b", "c"]
    assert Plan(steps).still_needed(("a",), Join.ANY) == []
    assert Plan(steps).still_needed(("b",), Join.ANY) == ["a", "c"]
    assert Plan(steps).still_needed(("a", "b", "c")) == []
    assert Plan(steps, left_out=("a", "b", "c")).still_needed(()) == []
    assert Plan(()).still_needed(()) == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((PlanStep("a"), PlanStep("a")), Problem(ProblemKind.TWICE, ("a",))),
        ((PlanStep("a", ("a",)),), Problem(ProblemKind.ITSELF, ("a",))),
        ((PlanStep("a", ("b",)),), Problem(ProblemKind.UNKNOWN, ("a", "b"))),
    ],
)
def test_steps_that_make_no_plan_are_named(steps: tuple[PlanStep, ...], expected: Problem) -> None:
    assert problems(steps) == [expected]
    with pytest.raises(ValueError, match=expected.kind.name):
        Plan(steps)


def test_a_circle_is_named_in_the_order_of_waiting() -> None:
    steps = (PlanStep("a", ("b",)), PlanStep("b", ("c",)), PlanStep("c", ("a",)))

    [problem] = problems(steps)

    assert problem.kind is ProblemKind.CIRCLE
    waits = {step.key: step.after for step in steps}
    assert problem.keys[0] == problem.keys[-1]
    assert all(
        later in waits[earlier]
        for earlier, later in zip(problem.keys, problem.keys[1:], strict=False)
    )


_KEYS = [f"s{number}" for number in range(7)]


@st.composite
def _waits(draw: DrawFn) -> set[tuple[str, str]]:
    pairs = st.tuples(st.sampled_from(_KEYS), st.sampled_from(_KEYS)).filter(
        lambda pair: pair[0] != pair[1]
    )
    return draw(st.sets(pairs, max_size=12))


def _steps(waits: set[tuple[str, str]], join: Join = Join.ALL) -> tuple[PlanStep, ...]:
    return tuple(
        PlanStep(key, tuple(sorted(after for who, after in waits if who == key)), join)
        for key in _KEYS
    )


@BOUNDED
@given(_waits())
def test_circles_are_found_where_an_independent_library_finds_them(
    waits: set[tuple[str, str]],
) -> None:
    graph = nx.DiGraph(waits)

    assert bool(problems(_steps(waits))) == (not nx.is_directed_acyclic_graph(graph))


@BOUNDED
@given(_waits(), st.sets(st.sampled_from(_KEYS)), st.sampled_from(list(Join)))
def test_a_plan_without_circles_always_comes_to_its_end(
    waits: set[tuple[str, str]], left_out: set[str], join: Join
) -> None:
    steps = _steps(waits, join)
    if problems(steps):
        return
    plan = Plan(steps, left_out=left_out)
    done: list[str] = []
    while ready := plan.to_begin(begun=done, done=done):
        done += ready

    assert sorted(done) == sorted(set(_KEYS) - left_out)
    assert plan.still_needed(done) == []
