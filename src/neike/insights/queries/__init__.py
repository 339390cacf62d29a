"""What the numbers say. Days are dates in the organisation's zone; periods are `org.periods.Period`.

Each takes what its reader is told of (`telling`), and so do the lists behind them, which hold what one may open.
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
from neike.insights.queries.telling import EVERYTHING, Told, told_to
from neike.insights.queries.trend import Compared, Others, Week, compared, weeks

__all__ = [
    "EVERYTHING",
    "Compared",
    "CustomerFlow",
    "Kept",
    "OpenNow",
    "Others",
    "Pair",
    "Performance",
    "Serving",
    "Told",
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
    "told_to",
    "total",
    "visible_rows",
    "waits",
    "weeks",
]
