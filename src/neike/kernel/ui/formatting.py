"""How numbers, shares, durations and moments are written for people. Pure but for the active language."""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

MISSING = "–"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def number(value: float | None, decimals: int = 0) -> str:
    """Write a number with exactly `decimals` places; None is a dash.

    Thousands are grouped by three in both languages, as Chinese office software writes them.
    """
    if value is None:
        return MISSING
    return f"{value:,.{decimals}f}"


def percent(share: float | None, decimals: int = 0) -> str:
    """Write a share of 0-1 as a percentage; None is a dash.

    What is not quite everything is never rounded up to 100 %, and what is not nothing never down to 0 %.
    """
    if share is None:
        return MISSING
    smallest = 10.0**-decimals
    shown = round(share * 100, decimals)
    if 0 < share < 1:
        shown = min(max(shown, smallest), 100 - smallest)
    return _("%(number)s%%") % {"number": number(shown, decimals)}


def duration(seconds: float | None, *, day: int = _DAY) -> str:
    """Write a span with its two largest units ("2 h 30 min"); None is a dash, less than a minute says so.

    `day` is the length of a day in seconds: 86400 for wall time, a working day's length for working
    time. Seconds are dropped, never rounded up; a negative span is written with a minus.
    """
    if seconds is None:
        return MISSING
    sign = "−" if seconds < 0 else ""
    left = int(abs(seconds))
    days, left = divmod(left, day)
    hours, left = divmod(left, _HOUR)
    minutes = left // _MINUTE
    if days:
        parts = [_days(days), _hours(hours)] if hours else [_days(days)]
    elif hours:
        parts = [_hours(hours), _minutes(minutes)] if minutes else [_hours(hours)]
    else:
        parts = [_minutes(minutes)] if minutes else [_("under a minute")]
    return sign + " ".join(parts)


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _hours(count: int) -> str:
    return _("%(count)d h") % {"count": count}


def _minutes(count: int) -> str:
    return _("%(count)d min") % {"count": count}


def moment(at: datetime | None, *, zone: tzinfo, now: datetime) -> str:
    """Write an aware moment in `zone`, as short as it stays clear beside `now`.

    Today gives the time; yesterday and tomorrow say so; this year drops the year. None is a dash.
    """
    if at is None:
        return MISSING
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = f"{local:%H:%M}"
    away = (local.date() - today) // timedelta(days=1)
    if away == 0:
        return _("today %(time)s") % {"time": time}
    if away == -1:
        return _("yesterday %(time)s") % {"time": time}
    if away == 1:
        return _("tomorrow %(time)s") % {"time": time}
    pattern = (
        pgettext("date format, this year", "j M")
        if local.year == today.year
        else pgettext("date format, other year", "j M Y")
    )
    return f"{_day(local.date(), pattern, get_language() or '')} {time}"


@lru_cache(maxsize=4096)
def _day(day: date, pattern: str, _language: str) -> str:
    """Write a date; lists name the same few days again and again."""
    return formats.date_format(day, pattern)


def moment_in_full(at: datetime, *, zone: tzinfo) -> str:
    """Write an aware moment with weekday, year and the zone's name, for titles and `<time>`."""
    local = at.astimezone(zone)
    day = _day(local.date(), pgettext("date format, in full", "D j M Y"), get_language() or "")
    return f"{day} {local:%H:%M} {local.tzname()}"
