"""What is promised before anybody asks: the moments at which a request made now would be answered and done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import Priority, TargetMetric
from neike.catalog.models import ServiceStandard
from neike.desk.display import times
from neike.org import queries as org_queries


@dataclass(frozen=True, slots=True)
class Outlook:
    """The promise for one priority if the request were made now.

    `answer_at` and `done_at` are None where nothing is promised or the calendar never opens; the words are
    working time. `is_provisional`: public holidays on the way are not published yet, so the day may move.
    """

    priority: str
    label: str
    meaning: str
    answer_at: datetime | None
    answer_words: str
    done_at: datetime | None
    done_words: str
    is_usual: bool
    is_provisional: bool


def outlooks(standard: ServiceStandard, *, now: datetime) -> list[Outlook]:
    """Return the promise of a standard for each priority, most urgent first."""
    return [
        _outlook(standard, priority, promised, now)
        for priority, promised in catalog_queries.promises(standard).items()
    ]


def _outlook(
    standard: ServiceStandard, priority: str, promised: dict[str, int], now: datetime
) -> Outlook:
    calendar = org_queries.prepared_calendar(standard.calendar)
    answer = promised.get(TargetMetric.FIRST_RESPONSE)
    done = promised.get(TargetMetric.END_TO_END)
    done_at = calendar.due(now, timedelta(seconds=done)) if done else None
    return Outlook(
        priority=priority,
        label=str(Priority(priority).label),
        meaning=_meaning(priority),
        answer_at=calendar.due(now, timedelta(seconds=answer)) if answer else None,
        answer_words=times.working(answer, calendar) if answer else "",
        done_at=done_at,
        done_words=times.working(done, calendar) if done else "",
        is_usual=priority == standard.default_priority,
        is_provisional=org_queries.provisional_year(standard.calendar, done_at) is not None,
    )


def _meaning(priority: str) -> str:
    return {
        Priority.URGENT.value: _("Work stands still for several people, or harm is near."),
        Priority.HIGH.value: _("I cannot go on with something important."),
        Priority.NORMAL.value: _("The usual case."),
        Priority.LOW.value: _("Whenever there is time."),
    }[priority]
