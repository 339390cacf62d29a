"""The clock: queue each scheduled job when it is due, once for all workers, missed moments included."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter
from django.db import IntegrityError, transaction
from django.db.models import Max

from neike.kernel.jobs.actions import enqueue
from neike.kernel.jobs.declaring import Schedule, schedules
from neike.kernel.jobs.models import CronTick

MOST_CAUGHT_UP = 500


def tick(now: datetime, zone: ZoneInfo) -> int:
    """Queue what became due since the last tick; return how many jobs this call queued.

    Expressions are read in `zone`. A schedule seen for the first time starts at its next moment.
    """
    entries = schedules()
    last = dict(
        CronTick.objects.filter(name__in=[entry.job.name for entry in entries])
        .values_list("name")
        .annotate(last=Max("due_at"))
    )
    return sum(_serve(entry, last.get(entry.job.name), now, zone) for entry in entries)


def _serve(entry: Schedule, last: datetime | None, now: datetime, zone: ZoneInfo) -> int:
    if last is None:
        _record(entry, _latest_before(entry.cron, now, zone), now, run=False)
        return 0
    due = list(islice(moments(entry.cron, last, now, zone), MOST_CAUGHT_UP))
    if due and not entry.catch_up:
        due = [max(due[-1], _latest_before(entry.cron, now, zone))]
    return sum(_record(entry, moment, now, run=True) for moment in due)


def moments(cron: str, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Return the moments of the expression in (after, until], in UTC, in order."""
    walk = croniter(cron, after.astimezone(zone))
    while (moment := walk.get_next(datetime).astimezone(UTC)) <= until:
        yield moment


def _latest_before(cron: str, now: datetime, zone: ZoneInfo) -> datetime:
    moment: datetime = croniter(cron, now.astimezone(zone)).get_prev(datetime)
    return moment.astimezone(UTC)


def _record(entry: Schedule, due_at: datetime, now: datetime, *, run: bool) -> bool:
    """Store the tick and queue the job in one transaction; False when another worker was first."""
    arguments: dict[str, Any] = {"due_at": due_at.isoformat()} if entry.catch_up else {}
    try:
        with transaction.atomic():
            CronTick.objects.create(name=entry.job.name, due_at=due_at)
            if run:
                enqueue(entry.job, now=now, key=f"cron:{due_at.isoformat()}", **arguments)
    except IntegrityError:
        return False
    return run
