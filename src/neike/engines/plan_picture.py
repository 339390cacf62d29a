"""Drawing a plan: which steps stand one after another and which side by side."""

from collections.abc import Collection, Mapping, Sequence

from neike.engines.plans import PlanStep, problems


def columns(steps: Collection[PlanStep]) -> list[list[str]]:
    """Return the keys in columns from left to right: each step stands right of all it waits for.

    Inside a column the plan's order holds.

    Raises:
        ValueError: the steps make no plan (`plans.problems`).
    """
    if problems(steps):
        raise ValueError(problems(steps))
    by_key = {step.key: step for step in steps}
    depths: dict[str, int] = {}
    for step in steps:
        _depth(step.key, by_key, depths)
    width = max(depths.values(), default=-1) + 1
    return [[key for key in by_key if depths[key] == column] for column in range(width)]


def _depth(key: str, by_key: Mapping[str, PlanStep], known: dict[str, int]) -> int:
    if key not in known:
        known[key] = max(
            (_depth(other, by_key, known) + 1 for other in by_key[key].after), default=0
        )
    return known[key]


def followers(steps: Sequence[PlanStep]) -> dict[str, list[str]]:
    """Return for each step the keys of those that wait for it, in the plan's order."""
    return {step.key: [one.key for one in steps if step.key in one.after] for step in steps}
