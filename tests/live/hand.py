"""Does on the database of a house what people do, in a process that serves nothing.

Reads one order a line from standard input, as JSON [name, values], and answers each with one line.
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs the settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from neike.desk import actions  # noqa: E402
from neike.desk.choices import Visibility  # noqa: E402
from neike.desk.models import Message, Ticket  # noqa: E402
from neike.kernel import live, notices  # noqa: E402
from neike.kernel.live.models import Presence, Signal  # noqa: E402
from neike.kernel.texts import LocalizedText  # noqa: E402
from neike.org.models import Person  # noqa: E402
from tests.make import desk as make  # noqa: E402
from tests.make import org as make_org  # noqa: E402

NAMES = ("anna", "ivan", "ines", "fang")
people: dict[str, Person] = {}
companies: list[make.Company] = []


def prepare() -> dict[str, Any]:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    company = make.company()
    companies.append(company)
    for name in NAMES:
        people[name] = getattr(company, name)
    return {
        "people": {name: person.pk for name, person in people.items()},
        "queue": company.it.pk,
        "other_queue": company.finance.pk,
    }


def session(name: str) -> str:
    person = people[name]
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def crowd(size: int) -> list[str]:
    """Let so many people work in the department, and sign each of them in."""
    sessions = []
    for number in range(size):
        name = f"Crowd {number}"
        people[name] = make_org.person(name, department=companies[0].it)
        sessions.append(session(name))
    return sessions


def submit(title: str = "Laptop") -> dict[str, Any]:
    ticket = companies[0].submit(now=timezone.now(), title=title)
    return {"pk": ticket.pk, "path": ticket.path, "number": str(ticket)}


def post(pk: int, name: str, body: str) -> None:
    ticket = Ticket.objects.get(pk=pk)
    actions.post_message(ticket=ticket, by=people[name], body=body, now=timezone.now())


def note(pk: int, name: str, body: str) -> None:
    ticket = Ticket.objects.get(pk=pk)
    actions.post_message(
        ticket=ticket,
        by=people[name],
        body=body,
        now=timezone.now(),
        visibility=Visibility.INTERNAL,
    )


def accept(pk: int, name: str) -> None:
    leg = Ticket.objects.get(pk=pk).legs.get(is_lead=True)
    actions.accept_leg(leg=leg, by=people[name], version=leg.version, now=timezone.now())


def cancel(pk: int, name: str) -> None:
    ticket = Ticket.objects.get(pk=pk)
    actions.cancel(ticket=ticket, by=people[name], version=ticket.version, now=timezone.now())


def notify(name: str, url: str) -> None:
    title = LocalizedText.of(zh="看", en="Look")
    notices.notify(person=people[name], kind="test.look", url=url, title=title, now=timezone.now())


def changed(*topics: str) -> None:
    live.changed(*topics, now=timezone.now())


def counts() -> dict[str, int]:
    found = {"signals": Signal.objects.count(), "present": Presence.objects.count()}
    return {**found, "messages": Message.objects.count()}


ORDERS = (prepare, session, crowd, submit, post, note, accept, cancel, notify, changed, counts)


def main() -> None:
    """Answer orders until nobody gives any."""
    orders = {order.__name__: order for order in ORDERS}
    for line in sys.stdin:
        name, values = json.loads(line)
        print(json.dumps(orders[name](*values)), flush=True)


if __name__ == "__main__":
    main()
