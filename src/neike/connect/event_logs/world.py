"""What an imported log needs of our organisation: departments, people, services. Made once, found again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from typing import Final

from neike.catalog import actions as catalog_actions
from neike.catalog import exchange
from neike.catalog.models import Service
from neike.connect.event_logs.mapping import ANY, LogMap, MappedDepartment
from neike.connect.event_logs.staging import Stage
from neike.desk.replay import Terms
from neike.desk.terms import terms_of
from neike.kernel.texts import LocalizedText
from neike.org.actions.arrivals import bring_people
from neike.org.actions.calendars import create_calendar
from neike.org.actions.departments import create_department
from neike.org.models import BusinessCalendar, Department, Person

BEGINNING: Final = date(1970, 1, 1)
"""Imported departments exist from here on, so that the oldest log finds them."""
_CODE: Final = 32
_NUMBER: Final = 64
_BATCH: Final = 1000


def name_within(prefix: str, name: str, room: int) -> str:
    """Return `prefix-name`, shortened by a digest when it does not fit into `room` characters."""
    whole = f"{prefix}-{name}"
    if len(whole) <= room:
        return whole
    return f"{prefix}-{sha256(name.encode()).hexdigest()[: room - len(prefix) - 1][:16]}"


@dataclass
class World:
    """The ids an imported case refers to."""

    root: Department
    customers: Department
    unassigned: Department
    calendar: BusinessCalendar
    services: dict[str, Service]
    terms: dict[int, Terms]
    groups: dict[str, int] = field(default_factory=dict)
    customer_groups: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    unknown_person_id: int = 0

    def service(self, category: str) -> Service:
        """Return the service for a category of the source."""
        return self.services.get(category) or self.services[ANY]


def build(log_map: LogMap, stage: Stage, *, now: datetime) -> World:
    """Make, or find, everything the staged log refers to."""
    calendar = _calendar(log_map, now)
    root = _department(log_map.root, None, log_map, now, calendar)
    customers = _department(log_map.customers, root, log_map, now)
    unassigned = _department(log_map.unassigned, root, log_map, now)
    services = _services(log_map, {root.code: root}, calendar, now)
    world = World(
        root=root,
        customers=customers,
        unassigned=unassigned,
        calendar=calendar,
        services=services,
        terms=terms_of(
            {service.standard_id for service in services.values() if service.standard_id}
        ),
    )
    world.groups = _departments(log_map, "group", stage.distinct("group"), root, now)
    world.customer_groups = _departments(
        log_map, "customer", stage.distinct("customer"), customers, now
    )
    served = Department.objects.filter(pk__in=[unassigned.pk, *world.groups.values()])
    catalog_actions.ensure_catch_alls(list(served), calendar=calendar, now=now)
    world.people = _people(log_map, _names(stage), now)
    world.unknown_person_id = world.people[""]
    return world


def _calendar(log_map: LogMap, now: datetime) -> BusinessCalendar:
    for calendar in BusinessCalendar.objects.filter(zone=str(log_map.zone)):
        if calendar.name == log_map.calendar_name:
            return calendar
    week = [list(day) for day in log_map.week]
    return create_calendar(
        name=log_map.calendar_name, zone=str(log_map.zone), week=week, by=None, now=now
    )


def _department(
    wanted: MappedDepartment,
    parent: Department | None,
    log_map: LogMap,
    now: datetime,
    calendar: BusinessCalendar | None = None,
) -> Department:
    found = Department.objects.filter(code=wanted.code).first()
    return found or create_department(
        code=wanted.code,
        name=wanted.name,
        valid_from=BEGINNING,
        by=None,
        now=now,
        parent=parent,
        calendar=calendar,
        imported_from=log_map.source,
    )


def _departments(
    log_map: LogMap, kind: str, names: Iterable[str], parent: Department, now: datetime
) -> dict[str, int]:
    """Return the department of each name; names are the source's own words, the same in every language."""
    found: dict[str, int] = {}
    for name in names:
        code = name_within(f"{log_map.code_prefix}-{kind[0].upper()}", name, _CODE)
        wanted = MappedDepartment(code, LocalizedText.of(zh=name, en=name))
        found[name] = _department(wanted, parent, log_map, now).pk
    return found


def _services(
    log_map: LogMap, departments: dict[str, Department], calendar: BusinessCalendar, now: datetime
) -> dict[str, Service]:
    """Return the service of each category; a service that exists is used as it is."""
    drafts = [exchange.draft(each.service, departments, calendar) for each in log_map.services]
    catalog_actions.create_published(drafts, now=now)
    keys = [each.service.key for each in log_map.services]
    made = {
        service.key: service
        for service in Service.objects.filter(key__in=keys).select_related("standard")
    }
    return {
        category: made[each.service.key]
        for each in log_map.services
        for category in each.categories
    }


def _names(stage: Stage) -> Iterator[str]:
    """Yield everybody the log names once, and "" for those it does not."""
    yield ""
    yield from stage.distinct("person")
    yield from stage.distinct("requester")


def _people(log_map: LogMap, names: Iterator[str], now: datetime) -> dict[str, int]:
    found: dict[str, int] = {}
    while batch := list(islice(names, _BATCH)):
        numbers = {name_within(log_map.code_prefix, name or "?", _NUMBER): name for name in batch}
        known = dict(
            Person.objects.filter(employee_no__in=numbers).values_list("employee_no", "pk")
        )
        lacking = {
            number: name or str(log_map.name)
            for number, name in numbers.items()
            if number not in known
        }
        known |= bring_people(people=lacking, source=log_map.source, now=now)
        found |= {name: known[number] for number, name in numbers.items()}
    return found
