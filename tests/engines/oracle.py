"""A second, deliberately plain model of working time: look at every minute. For small ranges only."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from neike.engines.worktime import CalendarSpec

MINUTE = timedelta(minutes=1)


def is_open(spec: CalendarSpec, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(spec.zone))
    day, second = local.date(), local.hour * 3600 + local.minute * 60 + local.second
    special = [shifts for special_day, shifts in spec.special if special_day == day]
    if special:
        hours = [shift for shifts in special for shift in shifts]
    elif day in spec.worked:
        hours = next((list(shifts) for shifts in spec.week if shifts), [])
    elif day in spec.closed:
        hours = []
    else:
        hours = list(spec.week[day.weekday()])
    return any(shift.opens <= second < shift.closes for shift in hours)


def counts(spec, moment, pauses) -> bool:
    paused = any(start <= moment and (end is None or moment < end) for start, end in pauses)
    return not paused and is_open(spec, moment)


def worked_minutes(spec, start, end, pauses=()) -> int:
    moment, total = start.astimezone(UTC), 0
    while moment < end:
        total += counts(spec, moment, pauses)
        moment += MINUTE
    return total


def due(spec, start, minutes, pauses=(), within=timedelta(days=12)):
    moment, left = start.astimezone(UTC), minutes
    last = moment + within
    while moment < last:
        left -= counts(spec, moment, pauses)
        moment += MINUTE
        if left == 0:
            return moment
    return None
