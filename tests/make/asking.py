"""A small seeded company as its requesters meet it: departments with the services that ship, people, a few requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from neike.catalog import actions as catalog_actions
from neike.catalog import exchange
from neike.catalog.models import Service
from neike.desk import actions
from neike.desk.choices import WaitingOn
from neike.desk.models import Leg, Ticket
from neike.kernel import search
from neike.org.models import BusinessCalendar, Department, Person
from tests.make import org

NAMES = {"it": "信息技术部", "hr": "人力资源部", "admin": "行政部", "finance": "财务部"}


@dataclass
class Seeded:
    """Mei is a newcomer of finance; Anna of finance has asked for things; Ivan works in IT, Hua in HR."""

    calendar: BusinessCalendar
    departments: dict[str, Department]
    mei: Person
    anna: Person
    ivan: Person
    hua: Person

    def service(self, key: str) -> Service:
        """Return a service by its key."""
        return Service.objects.get(key=key)

    def other(self, department: str) -> Service:
        """Return a department's "something else"."""
        return Service.objects.get(department=self.departments[department], is_catch_all=True)

    def ask(
        self, *, now: datetime, department: str = "it", title: str = "Laptop", **more: object
    ) -> Ticket:
        """Let Anna ask a department for something else."""
        values = {"by": self.anna, "answers": answers_for(self.other(department)), **more}
        return actions.submit(service=self.other(department), title=title, now=now, **values)  # type: ignore[arg-type]


def answers_for(service: Service) -> dict[str, str]:
    """Return answers that satisfy the plain text fields of a service's form."""
    fields = service.form.fields if service.form else []
    return {
        each["key"]: "It does not start. 打不开了。"
        for each in fields
        if each["type"] in ("text", "long_text") and each.get("required")
    }


def seeded(*, now: datetime) -> Seeded:
    """Return the company, with catalogue and search index."""
    calendar = org.calendar(is_default=True)
    departments = {}
    for key, name in NAMES.items():
        departments[key] = org.department(name, calendar=calendar)
    exchange.load_seed(departments, calendar=calendar, now=now)
    catalog_actions.ensure_catch_alls(list(departments.values()), calendar=calendar, now=now)
    people = {
        name: org.person(name, department=departments[department])
        for name, department in (
            ("梅兰", "finance"),
            ("安娜", "finance"),
            ("伊凡", "it"),
            ("花木兰", "hr"),
        )
    }
    search.build_anew()
    return Seeded(
        calendar, departments, people["梅兰"], people["安娜"], people["伊凡"], people["花木兰"]
    )


def busy(company: Seeded, *, now: datetime) -> Ticket:
    """Give Anna an open request, a question to answer and a result to confirm; return the one with the question."""
    before = now - timedelta(days=2)
    company.ask(now=before, title="会议室投影打不开")
    asked = _accepted(
        company, company.ask(now=before, title="VPN 无法连接", department="it"), before
    )
    actions.wait_leg(
        leg=asked,
        by=company.ivan,
        version=asked.version,
        waiting_on=WaitingOn.REQUESTER,
        reason_given="Which network are you on? 您在哪个网络？",
        follow_up_at=now + timedelta(days=2),
        now=before + timedelta(hours=1),
    )
    done = _accepted(company, company.ask(now=before, title="重置邮箱密码"), before)
    ticket = Ticket.objects.get(pk=done.ticket_id)
    actions.resolve(
        ticket=ticket,
        by=company.ivan,
        version=ticket.version,
        note="Done.",
        now=before + timedelta(hours=2),
    )
    search.build_anew()
    return Ticket.objects.get(pk=asked.ticket_id)


def _accepted(company: Seeded, ticket: Ticket, now: datetime) -> Leg:
    leg = ticket.legs.get()
    return actions.accept_leg(leg=leg, by=company.ivan, version=leg.version, now=now)
