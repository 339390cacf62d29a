"""Working time as people write and read it: "30 min", "4 h", "2 working days".

Pure but for the active language. A working day is the length of the calendar's normal day.
"""

import re
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

_MINUTE: Final = 60
_HOUR: Final = 3600
DEFAULT_DAY: Final = 8 * _HOUR
_UNITS: Final = {
    "d": "day", "day": "day", "days": "day", "天": "day", "日": "day", "工作日": "day", "个工作日": "day",
    "h": "hour", "hour": "hour", "hours": "hour", "时": "hour", "小时": "hour", "个小时": "hour",
    "m": "minute", "min": "minute", "minute": "minute", "minutes": "minute", "分": "minute", "分钟": "minute",
}  # fmt: skip
_PART: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+|个?[一-鿿]+)", re.IGNORECASE)


def normal_day(shifts: Iterable[tuple[int, int, int]]) -> int:
    """Return the length in seconds of the most frequent open weekday; the longer one of two equally frequent.

    `shifts` are (weekday, opens, closes) in minutes of the local day. 8 hours when nothing is open.
    """
    by_weekday: dict[int, int] = {}
    for weekday, opens, closes in shifts:
        by_weekday[weekday] = by_weekday.get(weekday, 0) + (closes - opens) * _MINUTE
    lengths = list(by_weekday.values())
    return max(lengths, key=lambda each: (lengths.count(each), each), default=DEFAULT_DAY)


def working_time(seconds: int | None, day: int = DEFAULT_DAY) -> str:
    """Write working seconds with their two largest units; None is a dash. `day` is a working day's length."""
    if seconds is None:
        return "–"
    days, left = divmod(seconds, day)
    hours, left = divmod(left, _HOUR)
    minutes, rest = divmod(left, _MINUTE)
    parts: list[str] = []
    if days:
        parts.append(
            ngettext("%(count)d working day", "%(count)d working days", days) % {"count": days}
        )
    if hours:
        parts.append(_("%(count)d h") % {"count": hours})
    if minutes and len(parts) < 2:  # noqa: PLR2004 - two units are enough
        parts.append(pgettext("promise", "%(count)d min") % {"count": minutes})
    if not parts:
        parts.append(_("%(count)d s") % {"count": rest})
    return " ".join(parts)


def short_time(seconds: int | None, day: int = DEFAULT_DAY) -> str:
    """Write working seconds exactly, as `read_time` reads them: "1d 2h 30m"; None is empty."""
    if not seconds:
        return ""
    days, left = divmod(seconds, day)
    hours, left = divmod(left, _HOUR)
    minutes = left / _MINUTE
    parts = [
        f"{days}d" if days else "",
        f"{hours}h" if hours else "",
        f"{minutes:g}m" if minutes else "",
    ]
    return " ".join(part for part in parts if part)


def read_time(text: str, day: int = DEFAULT_DAY) -> int | None:
    """Return the seconds of "30m", "1.5h", "1d 2h", "2天", "30 分钟"; None for a blank text.

    Raises:
        ValueError: it is something else, or negative.
    """
    text = text.strip()
    if not text:
        return None
    lengths = {"day": day, "hour": _HOUR, "minute": _MINUTE}
    total, end = 0.0, 0
    for part in _PART.finditer(text):
        unit = _UNITS.get(part[2].lower())
        if unit is None or text[end : part.start()].strip():
            raise ValueError(text)
        total += float(part[1]) * lengths[unit]
        end = part.end()
    if end == 0 or text[end:].strip():
        raise ValueError(text)
    return round(total)


def may_still_move(year: int | None) -> str:
    """Say that a due time may move because that year's make-up days are not published; "" for None."""
    if year is None:
        return ""
    return _(
        "The make-up working days of %(year)d are not published yet; this due time may still move."
    ) % {"year": year}
