"""How long things hold before somebody looks at them again."""

from calendar import monthrange
from datetime import date
from typing import Final

MONTHS: Final = 12


def half_year_after(day: date) -> date:
    """Return the same day six months later; the last of the month where there is no such day."""
    month = day.month + MONTHS // 2
    year, month = day.year + (month > MONTHS), (month - 1) % MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
