"""What the numbers say. Days are dates in the organisation's zone; periods are `org.periods.Period`.

Nothing here depends on who asks: these are counts and times of requests. The lists behind them do: `lists`.
"""

from neike.insights.queries.flows import (
    CustomerFlow,
    Pair,
    Waits,
    customers,
    flow_matrix,
    known_days,
    neighbours,
    waits,
)
from neike.insights.queries.kept import Kept, Performance, kept
from neike.insights.queries.lists import Wanted, total, visible_rows
from neike.insights.queries.overview import OpenNow, Serving, open_now, overview
from neike.insights.queries.trend import Compared, Week, compared, weeks

__all__ = [
    "Compared",
    "CustomerFlow",
    "Kept",
    "OpenNow",
    "Pair",
    "Performance",
    "Serving",
    "Waits",
    "Wanted",
    "Week",
    "compared",
    "customers",
    "flow_matrix",
    "kept",
    "known_days",
    "neighbours",
    "open_now",
    "overview",
    "total",
    "visible_rows",
    "waits",
    "weeks",
]
