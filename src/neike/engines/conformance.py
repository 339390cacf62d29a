"""Runs files of worked cases against the engines."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from neike.engines.worktime import CalendarSpec, Pause, PreparedCalendar, WorktimeError, prepare

Case = Mapping[str, Any]


class BadCaseError(ValueError):
    """A case file, or one of its cases, cannot be read; says where and what."""


def clock_dues(document: object) -> tuple[list[dict[str, str | None]], list[str]]:
    """Compute the due time of every case of a clock case file.

    `document` is the parsed file: {"cases": [{"id", "timezone", "week", "holidays", "extra_workdays", "start",
    "target_minutes", "pauses"}, ...]}. Other keys are ignored.

    Returns:
        ([{"id": ..., "due": ISO text in the case's zone, or None}, ...] in the order of the file, complaints). A case
        that cannot be computed has no due time and one complaint that names it.

    Raises:
        BadCaseError: the document has no list of cases, or a case has no id.
    """
    cases = document.get("cases") if isinstance(document, Mapping) else None
    if not isinstance(cases, list):
        raise BadCaseError('the file must be an object with a list "cases"')
    dues: list[dict[str, str | None]] = []
    complaints: list[str] = []
    for index, case in enumerate(cases):
        if not isinstance(case, Mapping) or not isinstance(case.get("id"), str):
            raise BadCaseError(f"case {index} has no id")
        due = None
        try:
            due = case_due(case)
        except KeyError as error:
            complaints.append(f"{case['id']}: {error} is missing")
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            complaints.append(f"{case['id']}: {error}")
        dues.append({"id": case["id"], "due": due})
    return dues, complaints


def case_due(case: Case) -> str | None:
    """Compute one case; the answer is written in the case's zone with its offset.

    Raises:
        WorktimeError: the calendar, target or a pause is wrong.
        BadCaseError: a value cannot be read.
        KeyError: a key is missing.
    """
    calendar = case_calendar(case)
    due = calendar.due(
        _moment(case["start"]), _target(case["target_minutes"]), _pauses(case.get("pauses") or ())
    )
    return None if due is None else due.astimezone(calendar.zone).isoformat()


def case_calendar(case: Case) -> PreparedCalendar:
    """Build the calendar of one case.

    Raises:
        WorktimeError, BadCaseError, KeyError: as in `case_due`.
    """
    plain: list[date] = []
    special: dict[date, list[tuple[str, str]]] = {}
    for entry in case.get("extra_workdays") or ():
        if not isinstance(entry, Mapping):
            plain.append(_date(entry))
        elif entry.get("hours") is None:
            plain.append(_date(entry["date"]))
        else:
            special.setdefault(_date(entry["date"]), []).extend(_hours(entry["hours"]))
    return prepare(
        CalendarSpec.weekly(
            case["timezone"],
            {name: _hours(pairs) for name, pairs in case["week"].items()},
            closed=[_date(text) for text in case.get("holidays") or ()],
            worked=plain,
            special=special,
        )
    )


def _hours(pairs: Iterable[Sequence[str]] | None) -> list[tuple[str, str]]:
    """Read intervals; one that is empty holds no instant (half-open) and is left out."""
    return [(opens, closes) for opens, closes in pairs or () if opens != closes]


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _target(minutes: object) -> timedelta:
    """Read minutes, whole or fractional, without passing through binary fractions."""
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float, str)):
        raise BadCaseError(f"target_minutes {minutes!r} is not a number")
    try:
        return timedelta(microseconds=round(Decimal(str(minutes)) * 60_000_000))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise BadCaseError(f"target_minutes {minutes!r} is not a usable number") from error


def _pauses(pairs: Iterable[Sequence[str | None]]) -> list[Pause]:
    pauses: list[Pause] = []
    for start, end in pairs:
        if start is None:
            raise BadCaseError("a pause has no start")
        pauses.append((_moment(start), None if end is None else _moment(end)))
    return pauses


__all__ = ["BadCaseError", "WorktimeError", "case_calendar", "case_due", "clock_dues"]
