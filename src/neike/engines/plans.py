"""How a request is fulfilled: steps that wait for one another, and which of them may begin."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter


class Join(StrEnum):
    """How many of the steps before one must be done: every one, or the first of them."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step. It begins once those named in `after` are done, all or any of them; without any, at once."""

    key: str
    after: tuple[str, ...] = ()
    join: Join = Join.ALL


class ProblemKind(StrEnum):
    """Why steps make no plan."""

    TWICE = "twice"
    ITSELF = "itself"
    UNKNOWN = "unknown"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and with which steps. A circle names its steps in the order they wait, each for the next."""

    kind: ProblemKind
    keys: tuple[str, ...]


def problems(steps: Collection[PlanStep]) -> list[Problem]:
    """Return what keeps the steps from being a plan: a key used twice, a wait for nothing, a circle."""
    keys = [step.key for step in steps]
    found = [
        Problem(ProblemKind.TWICE, (key,)) for key in dict.fromkeys(keys) if keys.count(key) > 1
    ]
    for step in steps:
        if step.key in step.after:
            found.append(Problem(ProblemKind.ITSELF, (step.key,)))
        found += [
            Problem(ProblemKind.UNKNOWN, (step.key, other))
            for other in step.after
            if other not in keys
        ]
    return found or _circles(steps)


def _circles(steps: Iterable[PlanStep]) -> list[Problem]:
    try:
        TopologicalSorter({step.key: step.after for step in steps}).prepare()
    except CycleError as error:
        waits = tuple(
            reversed(error.args[1])
        )  # graphlib names each before the one that waits for it
        return [Problem(ProblemKind.CIRCLE, waits)]
    return []


class Plan:
    """The steps of one request with those left out, because their condition does not hold.

    A step that is left out lets pass what waits for it as soon as it could have begun itself.

    Raises:
        ValueError: the steps make no plan (`problems`).
    """

    def __init__(self, steps: Collection[PlanStep], *, left_out: Collection[str] = ()) -> None:
        if problems(steps):
            raise ValueError(problems(steps))
        self._steps: Mapping[str, PlanStep] = {step.key: step for step in steps}
        self._left_out = frozenset(left_out)

    def to_begin(self, *, begun: Collection[str], done: Collection[str]) -> list[str]:
        """Return the keys of the steps that may begin now, in the plan's order; `begun` includes the done."""
        return [
            key
            for key in self._steps
            if key not in begun and key not in self._left_out and self._reached(key, done)
        ]

    def still_needed(self, done: Collection[str], join: Join = Join.ALL) -> list[str]:
        """Return the steps without which the whole is not finished, in the plan's order; none when it is.

        The whole ends with the steps that nothing waits for: with all of them, or with the first.
        """
        ends = self._ends()
        passed = [key for key in ends if self._passed(key, done)]
        if len(passed) == len(ends) or (join is Join.ANY and set(passed) - self._left_out):
            return []
        return [key for key in self._steps if key not in done and key not in self._left_out]

    def _ends(self) -> list[str]:
        awaited = {other for step in self._steps.values() for other in step.after}
        return [key for key in self._steps if key not in awaited]

    def _passed(self, key: str, done: Collection[str]) -> bool:
        return key in done or (key in self._left_out and self._reached(key, done))

    def _reached(self, key: str, done: Collection[str]) -> bool:
        step = self._steps[key]
        if not step.after:
            return True
        if step.join is Join.ALL:
            return all(self._passed(other, done) for other in step.after)
        real = [other for other in step.after if other not in self._left_out] or step.after
        return any(self._passed(other, done) for other in real)
