"""A company of departments that all serve one another, with as much work by as many people as a test wants."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from neike.desk import terms
from neike.desk.bulk import TicketScript, write_tickets
from neike.desk.choices import Channel
from neike.insights import actions
from neike.insights.queries.boards import PAUSES
from neike.org.models import Department, DepartmentLead, Person
from tests.make import org
from tests.make.desk import at
from tests.make.insights import NOW, PROMISED, promising

Q1 = at("2 09:00")
Q4 = at("2 09:00").replace(year=2025, month=11, day=3)
CREW = 3


@dataclass
class Town:
    """Departments with `CREW` people each, a lead of all, and a guest who belongs to none of those that work."""

    root: Department
    departments: list[Department]
    people: list[list[Person]]
    head: Person
    guest: Person
    scripts: list[TicketScript] = field(default_factory=list)

    def work(
        self, supplier: int, customer: int, legs: int, *, few: bool, since: datetime = Q1
    ) -> None:
        """Let one department ask another so many times; `few`: one person does the asking."""
        service = self.services[supplier]
        for number in range(legs):
            when = since + timedelta(days=number % 4, minutes=next(self._minutes) % 30)
            script = TicketScript(
                terms.terms_of([service.standard_id or 0]),
                at=when,
                title="Work",
                service_id=service.pk,
                form_id=service.form_id or 0,
                standard_id=service.standard_id or 0,
                supplier_id=self.departments[supplier].pk,
                customer_id=self.departments[customer].pk,
                requester_id=self.people[customer][0 if few else number % CREW].pk,
                priority="3",
                channel=Channel.DEMO,
            )
            serving = self.people[supplier][number % CREW].pk
            script.accept(when + timedelta(minutes=5), 0, by_id=serving)
            if number == 2:  # one pauses a while
                script.wait(
                    when + timedelta(minutes=10),
                    0,
                    waiting_on=PAUSES[supplier % len(PAUSES)],
                    reason="Which?",
                    by_id=serving,
                )
                script.resume(when + timedelta(minutes=20), 0, by_id=serving)
            if number != 1:  # one stays open
                script.deliver(
                    when + timedelta(minutes=60 if number % 2 else 150), 0, by_id=serving
                )
            self.scripts.append(script)

    def write(self) -> None:
        """Store what was told, and count everything."""
        written = [one for part in write_tickets(self.scripts, now=NOW) for one in part.tickets]
        self.scripts = []
        actions.take_in([ticket.pk for ticket in written])
        actions.observe(now=NOW)

    def __post_init__(self) -> None:
        self.services = [promising(each, **PROMISED) for each in self.departments]
        self._minutes = count()


def town(size: int = 4) -> Town:
    """Return a town without any work."""
    root = org.department("Town", calendar=org.calendar(is_default=True))
    departments = [org.department(f"Place {number}", parent=root) for number in range(size)]
    people = [
        [org.person(f"Worker {place} {number}", department=each) for number in range(CREW)]
        for place, each in enumerate(departments)
    ]
    head = org.person("Head")
    DepartmentLead.objects.create(department=root, person=head, valid_from=org.EPOCH)
    guest = org.person("Guest", department=org.department("Quiet", parent=root))
    return Town(root, departments, people, head, guest)
