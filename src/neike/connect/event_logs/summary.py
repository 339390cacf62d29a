"""What a log says of itself, case by case, whatever our own desk makes of it.

Definitions are in docs/en/reference/log-import.md.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import numpy as np

from neike.connect.event_logs.staging import Case, Staged
from neike.connect.event_logs.vocabulary import Turn
from neike.engines.worktime import PreparedCalendar

TOP: Final = 10
_HOUR: Final = 3600.0


def resolution(case: Case, *, by_column: bool) -> tuple[datetime, datetime] | None:
    """Return from when to when the case was being resolved, or None when it was not.

    With `by_column` the source's own columns say it, as its last row has them; else it lasts from the first
    event to the last one whose turn is `resolved`.
    """
    last = case.steps[-1]
    opened = last.opened or case.steps[0].at
    done = [step.at for step in case.steps if step.turn is Turn.RESOLVED]
    resolved = last.resolved if by_column else (done[-1] if done else None)
    return None if resolved is None or resolved < opened else (opened, resolved)


def groups_in_order(case: Case) -> list[str]:
    """Return the groups of the case in time order, missing ones left out, repeats in a row once."""
    named = [step.group for step in case.steps if step.group]
    return named[:1] + [after for before, after in pairwise(named) if before != after]


@dataclass
class Summary:
    """Sums over the cases of one log."""

    calendar: PreparedCalendar
    true_words: frozenset[str]
    resolved_by_column: bool
    cases: int = 0
    first: datetime | None = None
    last: datetime | None = None
    by_priority: Counter[str] = field(default_factory=Counter)
    by_group: Counter[str] = field(default_factory=Counter)
    by_last_group: Counter[str] = field(default_factory=Counter)
    hours: "array[float]" = field(default_factory=lambda: array("d"))
    business_hours: "array[float]" = field(default_factory=lambda: array("d"))
    unresolved: int = 0
    handovers: int = 0
    with_handover: int = 0
    returned: int = 0
    met_known: int = 0
    met: int = 0

    def add(self, case: Case) -> None:
        """Count one case."""
        self.cases += 1
        first, last = case.steps[0], case.steps[-1]
        self.first = min(self.first or first.at, first.at)
        self.last = max(self.last or last.at, last.at)
        if last.priority:
            self.by_priority[last.priority] += 1
        self._add_groups(groups_in_order(case))
        self._add_resolution(case)
        if last.met:
            self.met_known += 1
            self.met += last.met in self.true_words

    def _add_groups(self, groups: list[str]) -> None:
        self.by_group.update(set(groups))
        self.by_last_group.update(groups[-1:])
        changes = max(len(groups) - 1, 0)
        self.handovers += changes
        self.with_handover += changes > 0
        self.returned += len(set(groups)) < len(groups)

    def _add_resolution(self, case: Case) -> None:
        found = resolution(case, by_column=self.resolved_by_column)
        if found is None:
            self.unresolved += 1
            return
        opened, resolved = found
        self.hours.append((resolved - opened).total_seconds() / _HOUR)
        worked = self.calendar.worked_between(opened, resolved)
        self.business_hours.append(worked.total_seconds() / _HOUR)

    def as_json(self, staged: Staged, *, met_standard: float | None) -> dict[str, Any]:
        """Return the summary as the command prints it; shares are 0 to 1, hours are rounded to seconds."""
        return {
            "cases": self.cases,
            "events": staged.events,
            "rejected": dict(sorted(staged.rejected.items())),
            "first": _iso(self.first),
            "last": _iso(self.last),
            "cases_by_priority": dict(self.by_priority.most_common()),
            "cases_by_group": _top(self.by_group),
            "cases_by_last_group": _top(self.by_last_group),
            "resolution_hours": {
                "n": len(self.hours),
                "without": self.unresolved,
                "median": _quantile(self.hours, 0.5),
                "p95": _quantile(self.hours, 0.95),
                "business_median": _quantile(self.business_hours, 0.5),
                "business_p95": _quantile(self.business_hours, 0.95),
            },
            "handovers": self.handovers,
            "cases_with_handover": self.with_handover,
            "cases_returned": self.returned,
            "met_source": self.met / self.met_known if self.met_known else None,
            "met_standard": met_standard,
        }


def _top(counts: Counter[str]) -> dict[str, int]:
    """Return the ten largest; equal ones by name."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered[:TOP])


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _quantile(values: Sequence[float], share: float) -> float | None:
    """Return a quantile by linear interpolation, in hours to four decimals; None of nothing."""
    return round(float(np.quantile(values, share)), 4) if len(values) else None
