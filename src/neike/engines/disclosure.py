"""Disclosure control: which groups of answers may be published without giving away what few people said.

What is published is cut into atoms. An atom is a set of answers by at least `k` distinct people; every answer lies
in at most one atom, and an atom never changes once its answers are final. Whatever is shown - a month, a quarter, a
customer, the total - is a union of atoms. So no subtraction, of parts from a total, of last month's total from this
month's, of one reader's view from another's, isolates anything smaller than an atom: the sets one can reach from
unions of disjoint sets are again unions of them.

That is complementary suppression by design: a customer whose answers come from too few people is not hidden beside a
total that would give it away, but pooled with others like it; and when even the pool is too small, its answers are
left out of the total as well, and wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

FEWEST: Final = 5
"""Answers of fewer distinct people are never published (k of rule R1)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: in which time slot it was given, by whom, from which group, and how it scored.

    Slots are counted so that a later one is greater; `rater` and `group` are any ids.
    """

    slot: int
    group: int
    rater: int
    score: int


@dataclass(frozen=True, slots=True)
class Atom:
    """Answers that are published together from `slot` on; `group` is None where several groups are pooled.

    `members` are places in the sequence of answers, in ascending order.
    """

    slot: int
    group: int | None
    members: tuple[int, ...]


def release(answers: Iterable[Answer], *, k: int = FEWEST) -> list[Atom]:
    """Cut answers into atoms, slot by slot; the same answers always give the same atoms.

    In each slot a group whose waiting answers may be published becomes an atom. What is left of the others is
    pooled into one atom if it may be published together; else it waits for a later slot. Answers of later slots
    never change the atoms of earlier ones.

    A set may be published when its answers come from at least `k` people, and do not all score the same unless
    they come from at least 2k: a unanimous few would each be known.

    Raises:
        ValueError: `k` is less than 2.

    Source: docs/en/reference/ratings.md; rules R1, R2, R5, R6 and R7 named there.
    """
    if k < 2:  # noqa: PLR2004 - one person is no group
        raise ValueError(f"k must be at least 2, got {k}")
    kept = list(answers)
    order = sorted(range(len(kept)), key=lambda place: (kept[place].slot, place))
    waiting: dict[int, list[int]] = {}
    atoms: list[Atom] = []
    for slot, places in groupby(order, key=lambda place: kept[place].slot):
        for place in places:
            waiting.setdefault(kept[place].group, []).append(place)
        atoms += _released(kept, waiting, slot, k)
    return atoms


def _released(
    answers: Sequence[Answer], waiting: dict[int, list[int]], slot: int, k: int
) -> list[Atom]:
    """Take out of `waiting` what may be published in this slot."""
    ready = [group for group in sorted(waiting) if _may_show(answers, waiting[group], k)]
    atoms = [Atom(slot, group, tuple(sorted(waiting.pop(group)))) for group in ready]
    pooled = sorted(place for places in waiting.values() for place in places)
    if _may_show(answers, pooled, k):
        alone = next(iter(waiting)) if len(waiting) == 1 else None
        atoms.append(Atom(slot, alone, tuple(pooled)))
        waiting.clear()
    return atoms


def _may_show(answers: Sequence[Answer], places: Sequence[int], k: int) -> bool:
    people = len({answers[place].rater for place in places})
    if people < k:
        return False
    return people >= 2 * k or len({answers[place].score for place in places}) > 1


def by_group(atoms: Iterable[Atom]) -> Mapping[int | None, tuple[int, ...]]:
    """Return the members of atoms together per group; the pooled ones under None."""
    found: dict[int | None, list[int]] = {}
    for atom in atoms:
        found.setdefault(atom.group, []).extend(atom.members)
    return {group: tuple(sorted(members)) for group, members in found.items()}


def by_slot(atoms: Iterable[Atom]) -> Mapping[int, tuple[int, ...]]:
    """Return the members of atoms together per slot, in the order of slots."""
    ordered = sorted(atoms, key=attrgetter("slot"))
    return {
        slot: tuple(sorted(place for atom in found for place in atom.members))
        for slot, found in groupby(ordered, key=attrgetter("slot"))
    }


def may_show_buckets(counts: Iterable[int], *, least: int = 10, smallest: int = 3) -> bool:
    """Tell whether a distribution may be published: `least` answers in all, and none or `smallest` in each bucket.

    Source: rule R6 of docs/en/reference/ratings.md.
    """
    found = list(counts)
    return sum(found) >= least and all(count == 0 or count >= smallest for count in found)
