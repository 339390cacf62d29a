"""A business calendar in words."""

from django.utils.translation import gettext as _

from neike.catalog import wording
from neike.org.choices import Weekday
from neike.org.models import BusinessCalendar

_DAY_MINUTES = 1440


def working_day(calendar: BusinessCalendar) -> int:
    """Return the length in seconds of the calendar's normal day; no query when intervals are prefetched."""
    return wording.normal_day(
        (each.weekday, each.opens, each.closes) for each in calendar.intervals.all()
    )


def hours_in_words(calendar: BusinessCalendar) -> list[str]:
    """Return lines such as "Monday–Friday 09:00–12:00, 13:30–18:00", neighbours with equal hours together."""
    week: dict[int, str] = {}
    for each in calendar.intervals.all():
        shift = f"{_clock(each.opens)}–{_clock(each.closes)}"
        week[each.weekday] = f"{week[each.weekday]}, {shift}" if each.weekday in week else shift
    lines: list[tuple[int, int, str]] = []
    for weekday, hours in sorted(week.items()):
        if lines and lines[-1][1] == weekday - 1 and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], weekday, hours)
        else:
            lines.append((weekday, weekday, hours))
    return [_line(*line) for line in lines]


def _line(first: int, last: int, hours: str) -> str:
    names = {"first": Weekday(first).label, "last": Weekday(last).label, "hours": hours}
    if first == last:
        return _("%(first)s %(hours)s") % names
    return _("%(first)s–%(last)s %(hours)s") % names


def _clock(minutes: int) -> str:
    return "24:00" if minutes == _DAY_MINUTES else f"{minutes // 60:02d}:{minutes % 60:02d}"
