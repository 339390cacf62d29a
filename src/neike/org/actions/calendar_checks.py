"""What makes a calendar usable, said in the reader's words."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from neike.engines.worktime import UnknownZoneError
from neike.engines.worktime.spec import load_zone
from neike.org.actions.errors import CalendarError
from neike.org.choices import Weekday
from neike.org.models import CalendarException

Hours = Sequence[Sequence[int]]
"""(opens, closes) in minutes of the local day; 1440 is 24:00."""
WeekHours = Sequence[Hours]
MINUTES = 24 * 60
DAYS = 7


def require_zone(zone: str) -> None:
    """Refuse a zone that the zone database does not know.

    Raises:
        CalendarError: naming it.
    """
    try:
        load_zone(zone)
    except UnknownZoneError as error:
        raise CalendarError(
            _("“%(zone)s” is not a known time zone. Use a name such as Asia/Shanghai.")
            % {"zone": zone},
            code="zone",
        ) from error


def require_week(week: WeekHours) -> list[list[tuple[int, int]]]:
    """Return the week with each day's hours sorted.

    Raises:
        CalendarError: not seven days, or hours that are reversed or overlap; names the weekday.
    """
    if len(week) != DAYS:
        raise CalendarError(_("A week has seven days."), code="week")
    return [
        require_hours(hours, where=str(Weekday(number).label)) for number, hours in enumerate(week)
    ]


def require_hours(hours: Hours, *, where: str = "") -> list[tuple[int, int]]:
    """Return one day's hours sorted; `where` names the day in messages.

    Raises:
        CalendarError: an interval ends before it starts, leaves the day, or overlaps another.
    """
    found: list[tuple[int, int]] = []
    for opens, closes in sorted((int(opens), int(closes)) for opens, closes in hours):
        words = {"hours": f"{clock(opens)}–{clock(closes)}"}
        if not 0 <= opens < closes <= MINUTES:
            raise CalendarError(
                _at(
                    where,
                    _(
                        "%(hours)s closes before it opens. Hours past midnight are two intervals, "
                        "one on each day."
                    )
                    % words,
                ),
                code="reversed",
            )
        if found and opens < found[-1][1]:
            raise CalendarError(
                _at(where, _("%(hours)s overlaps the hours before it.") % words), code="overlap"
            )
        found.append((opens, closes))
    return found


def require_opening(week: WeekHours, exceptions: Iterable[CalendarException]) -> None:
    """Refuse a calendar on which no working time could ever pass.

    Raises:
        CalendarError: neither a weekday nor a date has hours.
    """
    if not any(week) and not any(each.hours for each in exceptions):
        raise CalendarError(
            _("This calendar never opens. Give at least one weekday some hours."),
            code="never_open",
        )


def clock(minutes: int) -> str:
    """Write minutes of the day as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _at(where: str, words: str) -> str:
    return _("%(where)s: %(words)s") % {"where": where, "words": words} if where else words
