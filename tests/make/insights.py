"""A small made-up history whose numbers are worked out by hand in `tests/insights/test_queries.py`.

March 2026 in Shanghai, Monday to Friday 09:00-12:00 and 13:30-18:00; the second is a Monday.
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from neike.catalog import actions as catalog_actions
from neike.catalog.models import Service
from neike.desk import terms
from neike.desk.bulk import TicketScript, write_tickets
from neike.desk.choices import Channel, WaitingOn
from neike.desk.models import Ticket
from neike.insights import actions
from neike.org.models import Department, DepartmentLead, Person
from tests.make import catalog, org
from tests.make.desk import at

NOW = at("9 09:00")
PROMISED = {"acceptance": 60, "first_response": 60, "leg_delivery": 120, "end_to_end": 180}
_next = count(1)


def promising(department: Department, **minutes: int) -> Service:
    """Return a published service whose standard promises these working minutes."""
    service = catalog.draft_service(department)
    catalog_actions.publish_form(service=service, fields=catalog.FORM, by=None, now=org.NOW)
    targets = catalog_actions.minutes({metric: {"": one} for metric, one in minutes.items()})
    catalog.published_standard(service, targets=targets)
    published = catalog_actions.publish_service(service=service, by=None, now=org.NOW)
    published.refresh_from_db()
    return published


@dataclass
class House:
    """HR and Sales ask IT; IT asks Finance."""

    it: Department
    finance: Department
    hr: Department
    sales: Department
    anna: Person
    sam: Person
    ivan: Person
    ines: Person
    it_head: Person
    fang: Person
    service: Service
    budget: Service
    scripts: list[TicketScript] = field(default_factory=list)

    def ask(self, when: datetime, by: Person, customer: Department, **more: object) -> TicketScript:
        """Begin a request to IT; `write` stores it."""
        standards = [self.service.standard_id, self.budget.standard_id]
        script = TicketScript(
            terms.terms_of([pk for pk in standards if pk]),
            **{  # type: ignore[arg-type]  # a test says what it wants
                "at": when,
                "title": f"Request {next(_next)}",
                "service_id": self.service.pk,
                "form_id": self.service.form_id,
                "standard_id": self.service.standard_id,
                "supplier_id": self.it.pk,
                "customer_id": customer.pk,
                "requester_id": by.pk,
                "priority": "3",
                "channel": Channel.DEMO,
                **more,
            },
        )
        self.scripts.append(script)
        return script

    def write(self) -> list[Ticket]:
        """Store the requests told so far and take them into the numbers."""
        written = [one for part in write_tickets(self.scripts, now=NOW) for one in part.tickets]
        self.scripts = []
        actions.take_in([ticket.pk for ticket in written])
        return written


def house() -> House:
    """Return departments, people and promises, without any request."""
    calendar = org.calendar(is_default=True)
    root = org.department("Company", calendar=calendar)
    it, finance, hr, sales = (
        org.department(name, parent=root) for name in ("IT", "Finance", "HR", "Sales")
    )
    head = org.person("Ito", department=it)
    DepartmentLead.objects.create(department=it, person=head, valid_from=org.EPOCH)
    return House(
        it=it,
        finance=finance,
        hr=hr,
        sales=sales,
        anna=org.person("Anna", department=hr),
        sam=org.person("Sam", department=sales),
        ivan=org.person("Ivan", department=it),
        ines=org.person("Ines", department=it),
        it_head=head,
        fang=org.person("Fang", department=finance),
        service=promising(it, **PROMISED),
        budget=promising(
            finance, acceptance=60, leg_delivery=30, first_response=60, end_to_end=600
        ),
    )


def history() -> House:
    """Return the house with five requests to IT: four delivered, one just asked."""
    house_ = house()
    ivan, fang = house_.ivan.pk, house_.fang.pk

    one = house_.ask(at("2 09:00"), house_.anna, house_.hr)
    one.accept(at("2 09:30"), 0, by_id=ivan)
    one.message(at("2 09:40"), by_id=ivan, serving=True)
    one.deliver(at("2 11:00"), 0, by_id=ivan)

    two = house_.ask(at("3 10:00"), house_.anna, house_.hr, confidential=True)
    two.accept(at("3 11:30"), 0, by_id=ivan)
    two.deliver(at("3 14:30"), 0, by_id=ivan)

    three = house_.ask(at("4 09:00"), house_.sam, house_.sales)
    three.accept(at("4 09:10"), 0, by_id=ivan)
    leg = three.hand_over(
        at("4 09:20"),
        0,
        by_id=ivan,
        to_id=house_.finance.pk,
        service_id=house_.budget.pk,
        standard_id=house_.budget.standard_id or 0,
    )
    three.accept(at("4 09:50"), leg, by_id=fang)
    three.deliver(at("4 10:50"), leg, by_id=fang)
    three.deliver(at("4 11:30"), 0, by_id=ivan)

    four = house_.ask(at("5 09:00"), house_.sam, house_.sales)
    four.accept(at("5 09:05"), 0, by_id=ivan)
    four.wait(at("5 09:15"), 0, by_id=ivan, waiting_on=WaitingOn.REQUESTER, reason="Which one?")
    four.resume(at("5 10:15"), 0, by_id=ivan)
    four.deliver(at("5 15:00"), 0, by_id=ivan)

    house_.ask(at("6 09:00"), house_.anna, house_.hr)
    house_.write()
    return house_
