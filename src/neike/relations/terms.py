"""How long things hold before somebody looks at them again."""

from calendar import monthrange
from datetime import date
from typing import Final

MONTHS: Final = 12


def half_year_after(day: date) -> date:
    """Return the same day six months later; the last of the month where there is no such day."""
    return _months_from(day, MONTHS // 2)


def half_year_before(day: date) -> date:
    """Return the same day six months earlier; the last of the month where there is no such day."""
    return _months_from(day, -MONTHS // 2)


def _months_from(day: date, months: int) -> date:
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
