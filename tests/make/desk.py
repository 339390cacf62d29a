"""Builders of the desk: a small company that asks and serves, and requests made through the actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from neike.catalog.choices import Priority, ServiceState, StandardState
from neike.catalog.models import (
    FormVersion,
    Service,
    ServiceStandard,
    StandardStep,
    StandardTarget,
)
from neike.desk import actions
from neike.desk.choices import EventKind
from neike.desk.models import Clock, Leg, Ticket
from neike.kernel.texts import LocalizedText
from neike.org.models import BusinessCalendar, Department, DepartmentLead, Person
from tests.make import org

_next = count(1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = 60
TARGETS: Mapping[str, int] = {
    "acceptance": 60,
    "first_response": 60,
    "next_response": 120,
    "leg_delivery": 480,
    "end_to_end": 900,
}
"""Working minutes per metric, for every priority."""


def at(text: str) -> datetime:
    """Return a moment of March 2026 in Shanghai: "2 10:00" is Monday the second at ten."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime(2026, 3, int(day), int(hour), int(minute), tzinfo=SHANGHAI)


MONDAY = at("2 10:00")


def lead(person: Person, department: Department) -> DepartmentLead:
    """Make a person lead of a department."""
    return DepartmentLead.objects.create(department=department, person=person, valid_from=org.EPOCH)


def service(  # noqa: PLR0913 - a service is many things
    department: Department,
    *,
    calendar: BusinessCalendar,
    minutes: Mapping[str, int] | None = None,
    by_priority: Mapping[tuple[str, str], int] | None = None,
    catch_all: bool = False,
    confidential: bool = False,
    owner: Person | None = None,
    third_party_pauses: bool = False,
    steps: Sequence[Mapping[str, Any]] = (),
    steps_join: str = "all",
    fields: Sequence[Mapping[str, Any]] = (),
    criteria: Sequence[Mapping[str, str]] = (),
) -> Service:
    """Return a published service with an empty form; targets in working minutes."""
    number = next(_next)
    made = Service.objects.create(
        key=f"desk-service-{number}",
        department=department,
        owner=owner,
        name=LocalizedText.of(zh=f"服务{number}", en=f"Service {number}"),
        is_catch_all=catch_all,
        confidential=confidential,
    )
    made.form = FormVersion.objects.create(
        service=made, version=1, fields=list(fields), created_at=org.NOW
    )
    made.standard = standard(
        made,
        calendar=calendar,
        minutes=minutes,
        by_priority=by_priority,
        third_party_pauses=third_party_pauses,
        steps=steps,
        steps_join=steps_join,
        criteria=criteria,
    )
    made.state = ServiceState.PUBLISHED
    made.save()
    return made


def standard(
    service: Service,
    *,
    calendar: BusinessCalendar,
    minutes: Mapping[str, int] | None = None,
    by_priority: Mapping[tuple[str, str], int] | None = None,
    third_party_pauses: bool = False,
    steps: Sequence[Mapping[str, Any]] = (),
    steps_join: str = "all",
    criteria: Sequence[Mapping[str, str]] = (),
) -> ServiceStandard:
    """Return a published standard of a service; `steps` are those of its plan, in order."""
    made = ServiceStandard.objects.create(
        service=service,
        version=1,
        calendar=calendar,
        default_priority=Priority.NORMAL,
        third_party_pauses=third_party_pauses,
        steps_join=steps_join,
        quality_criteria=list(criteria),
    )
    for order, step in enumerate(steps, start=1):
        title = LocalizedText.of(zh=f"步骤{order}", en=f"Step {order}")
        StandardStep.objects.create(
            standard=made, order=order, **{"title": title, "automatic": True, **step}
        )
    for metric, amount in (TARGETS if minutes is None else minutes).items():
        StandardTarget.objects.create(standard=made, metric=metric, seconds=amount * MINUTE)
    for (metric, priority), amount in (by_priority or {}).items():
        StandardTarget.objects.create(
            standard=made, metric=metric, priority=priority, seconds=amount * MINUTE
        )
    made.state, made.published_at = StandardState.PUBLISHED, org.NOW
    made.save()
    return made


@dataclass
class Company:
    """HR asks; IT serves with a head; Finance can be asked by IT. Everybody works Mon-Fri in Shanghai."""

    calendar: BusinessCalendar
    hr: Department
    it: Department
    finance: Department
    anna: Person
    hr_head: Person
    ivan: Person
    ines: Person
    it_head: Person
    fang: Person
    fei: Person
    fin_head: Person
    service: Service
    it_other: Service
    fin_other: Service

    def submit(self, *, now: datetime = MONDAY, by: Person | None = None, **more: Any) -> Ticket:
        """Let Anna of HR ask IT for something."""
        return actions.submit(
            **{
                "service": self.service,
                "by": by or self.anna,
                "answers": {},
                "title": "Laptop",
                "now": now,
                **more,
            }
        )

    def accepted(self, *, now: datetime = MONDAY, **more: Any) -> Leg:
        """Return the first leg of a new request, accepted by Ivan at once."""
        ticket = self.submit(now=now, **more)
        leg = ticket.legs.get()
        return actions.accept_leg(leg=leg, by=self.ivan, version=leg.version, now=now)


def company(**fields: Any) -> Company:
    """Return a company; `fields` go to its main service, such as `minutes`."""
    calendar = org.calendar()
    root = org.department("Company", calendar=calendar)
    hr, it, finance = (
        org.department(name, parent=root, calendar=calendar) for name in ("HR", "IT", "Finance")
    )
    anna, hr_head = org.person("Anna", department=hr), org.person("Hu", department=hr)
    ivan, ines = org.person("Ivan", department=it), org.person("Ines", department=it)
    it_head = org.person("Ito", department=it)
    fang, fei = org.person("Fang", department=finance), org.person("Fei", department=finance)
    fin_head = org.person("Fu", department=finance)
    for person, department in ((hr_head, hr), (it_head, it), (fin_head, finance)):
        lead(person, department)
    return Company(
        calendar=calendar,
        hr=hr,
        it=it,
        finance=finance,
        anna=anna,
        hr_head=hr_head,
        ivan=ivan,
        ines=ines,
        it_head=it_head,
        fang=fang,
        fei=fei,
        fin_head=fin_head,
        service=service(it, calendar=calendar, **fields),
        it_other=service(it, calendar=calendar, catch_all=True),
        fin_other=service(finance, calendar=calendar, catch_all=True),
    )


def kinds(ticket: Ticket) -> list[str]:
    """Return the kinds of a ticket's events in order."""
    return list(ticket.events.order_by("seq").values_list("kind", flat=True))


def clock(ticket: Ticket, metric: str, *, leg: int | None = None, cycle: int = 0) -> Clock:
    """Return one clock of a ticket or of its leg of that number."""
    found = Clock.objects.filter(ticket=ticket, metric=metric, cycle=cycle)
    return found.get(leg=None) if leg is None else found.get(leg__no=leg)


def fresh(row: Leg) -> Leg:
    """Read a leg anew."""
    return Leg.objects.select_related("ticket", "supplier", "customer").get(pk=row.pk)


SUBMITTED_KINDS = [EventKind.SUBMITTED, EventKind.LEG_OFFERED]
