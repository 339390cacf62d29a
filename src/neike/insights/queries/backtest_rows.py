"""The clocks of a back-test as columns, packed into one stored value."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from neike.catalog.choices import TargetMetric
from neike.desk.queries.backtests import PastClock
from neike.engines.backtest import History
from neike.org.periods import quarter_number

METRICS: Final = tuple(TargetMetric.values)
UNKNOWN: Final = -1
"""In `kept`: still open, within its target."""

_TYPES: Final = {
    "ticket": np.int64,
    "metric": np.int8,
    "priority": np.int8,
    "supplier": np.int64,
    "customer": np.int64,
    "quarter": np.int32,
    "day": np.int32,
    "used": np.float64,
    "target": np.float64,
    "done": np.bool_,
    "kept": np.int8,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of one length. Times are working seconds, `used` infinite where only a timer stopped the clock.

    `metric` is a place in `METRICS`, `quarter` a number as `org.periods.quarter_number` gives it, `day` an ordinal,
    both of the day the clock started; `kept` is 1, 0 or `UNKNOWN`.
    """

    ticket: NDArray[np.int64]
    metric: NDArray[np.int8]
    priority: NDArray[np.int8]
    supplier: NDArray[np.int64]
    customer: NDArray[np.int64]
    quarter: NDArray[np.int32]
    day: NDArray[np.int32]
    used: NDArray[np.float64]
    target: NDArray[np.float64]
    done: NDArray[np.bool_]
    kept: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.ticket)

    def where(self, mask: NDArray[np.bool_]) -> "Rows":
        """Return the rows a mask picks."""
        return Rows(**{each.name: getattr(self, each.name)[mask] for each in fields(self)})

    def of(self, metric: str, priority: str = "") -> "Rows":
        """Return the rows of one metric, and of one priority unless it is ""."""
        mask = self.metric == METRICS.index(metric)
        return self.where(mask & (self.priority == int(priority)) if priority else mask)

    def history(self) -> History:
        """Return the times used, in working seconds."""
        return History(self.used, self.done)

    def shares(self) -> History:
        """Return the times as shares of each clock's own target; at most 1 exactly where it was kept.

        The verdict decides, not the quotient: a changed priority may have moved the target, and rounding never may.
        """
        shares = self.used / self.target
        late = np.where(self.kept == 0, np.maximum(shares, np.nextafter(1, 2)), shares)
        return History(np.where(self.kept == 1, np.minimum(late, 1), late), self.done)


def rows_of(clocks: Iterable[PastClock], *, zone: Any, fiscal_start: int) -> Rows:  # noqa: ANN401 - a tzinfo
    """Return clocks as columns; days and quarters are those of the organisation's zone."""
    quarters: dict[date, int] = {}
    found: list[tuple[Any, ...]] = []
    for each in clocks:
        day = each.started_at.astimezone(zone).date()
        if day not in quarters:
            quarters[day] = quarter_number(day, fiscal_start=fiscal_start)
        found.append(
            (
                each.ticket_id,
                METRICS.index(each.metric),
                int(each.priority),
                each.supplier_id,
                each.customer_id,
                quarters[day],
                day.toordinal(),
                float("inf") if each.by_timer and each.done else each.used,
                each.target,
                each.done,
                UNKNOWN if each.kept is None else int(each.kept),
            )
        )
    columns = list(zip(*found, strict=True)) or [()] * len(_TYPES)
    return Rows(
        *(
            np.array(column, dtype=kind)
            for column, kind in zip(columns, _TYPES.values(), strict=True)
        )
    )


def joined(parts: list[Rows]) -> Rows:
    """Return the rows of several parts in one."""
    if not parts:
        return rows_of((), zone=None, fiscal_start=1)
    names = [each.name for each in fields(Rows)]
    return Rows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def pack(rows: Rows) -> bytes:
    """Return rows as they are stored."""
    target = BytesIO()
    np.savez_compressed(target, **{each.name: getattr(rows, each.name) for each in fields(rows)})
    return target.getvalue()


def unpack(stored: bytes | memoryview) -> Rows:
    """Return stored rows."""
    if not stored:
        return joined([])
    with np.load(BytesIO(bytes(stored)), allow_pickle=False) as found:
        return Rows(**{name: found[name] for name in _TYPES})
