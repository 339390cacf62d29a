"""What holds for people when they are to be told something: zone, working hours, absence."""

from collections.abc import Collection, Mapping
from datetime import datetime

from neike.engines.delivery import Recipient
from neike.engines.worktime import PreparedCalendar, WorktimeError
from neike.kernel import installation
from neike.kernel.notices.kinds import Circumstances
from neike.org.models import Absence, BusinessCalendar, Person, Placement
from neike.org.queries.calendars import prepared_calendar
from neike.org.queries.periods import organisation_day
from neike.org.standing import chart, on_day


def circumstances(people: Collection[int], now: datetime) -> Mapping[int, Circumstances]:
    """Return zone, working calendar and absence of each of these people (ids), in at most six queries.

    The calendar is that of the department of the primary placement; who is placed nowhere has none.
    """
    zones = dict(Person.objects.filter(pk__in=people).values_list("pk", "zone"))
    calendars = _calendars(people, now)
    away: dict[int, datetime] = {}
    absences = Absence.objects.filter(person__in=people, starts_at__lte=now, ends_at__gt=now)
    for person_id, ends_at in absences.values_list("person_id", "ends_at"):
        away[person_id] = max(ends_at, away.get(person_id, ends_at))
    usual = installation.current().zone
    return {
        pk: Circumstances(zone=zone or usual, recipient=Recipient(calendars.get(pk), away.get(pk)))
        for pk, zone in zones.items()
    }


def _calendars(people: Collection[int], now: datetime) -> dict[int, PreparedCalendar]:
    on = organisation_day(now)
    rows = (
        Placement.objects.filter(on_day(on), person__in=people)
        .order_by("is_primary", "-valid_from", "-pk")
        .values_list("person_id", "department_id")
    )
    homes = dict(rows)  # the last one of a person wins: the primary placement, else the oldest
    organisation = chart(on=on)
    wanted = {pk: organisation.calendar_id(department) for pk, department in homes.items()}
    stored = BusinessCalendar.objects.in_bulk({each for each in wanted.values() if each})
    prepared: dict[int, PreparedCalendar] = {}
    for key, calendar in stored.items():
        try:
            prepared[key] = prepared_calendar(calendar)
        except WorktimeError:
            continue  # what is stored is no calendar: nobody is kept waiting by it
    return {pk: prepared[each] for pk, each in wanted.items() if each in prepared}
