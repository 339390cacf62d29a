"""Figures of a map that cost much, kept in the database for every process under a hash of all they follow from."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from neike.insights.models import ComputedFigures

DEAR: Final = 5_000
"""Figures of fewer pairs are computed in less time than a reader notices, and not kept."""
_FORM: Final = 1
"""Counts the ways the figures were ever computed: what another way computed is not taken for the same."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something to compute: `facts` are all it follows from, `size` how many pairs, `compute` returns JSON values."""

    name: str
    facts: tuple[object, ...]
    size: int
    compute: Callable[[], dict[str, Any]]

    @property
    def is_dear(self) -> bool:
        """Whether it is worth being kept."""
        return self.size >= DEAR

    @property
    def key(self) -> str:
        """Return the same text for the same work."""
        return sha256(repr((_FORM, self.name, self.facts)).encode()).hexdigest()


def result_of(work: Work) -> dict[str, Any]:
    """Return what was computed before, or compute it; one query for dear work, else none."""
    if not work.is_dear:
        return work.compute()
    found = ComputedFigures.objects.filter(pk=work.key).values_list("values", flat=True).first()
    return work.compute() if found is None else dict(found)
