"""The desk at many requests: `python -m bench desk [--tickets N] [--database URL] [--seconds S] [--only NAME …]`.

Fills a database (a private PostgreSQL unless one is named; a SQLite file by `--database sqlite:///…`) with requests of
about four messages each: 10,000 are lived through the replay in the demo company, the rest are their copies. A database
that holds that many already is taken as it is. Then each operation is asked for by 8 clients of 2 server processes.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests import postgres

ORIGINALS = 10_000
OTHERS: dict[str, dict[str, tuple[float, float]]] = {
    "queue": {"RT 5": (3.5, 555), "Redmine 5": (14.1, 135), "django-helpdesk": (8.6, 208), "Roundup": (18.6, 95)},
    "request": {"RT 5": (7.0, 268), "Redmine 5": (9.7, 200), "django-helpdesk": (24.6, 79), "Roundup": (16.0, 109)},
    "create": {"RT 5": (11.6, 166), "Redmine 5": (21.7, 84), "django-helpdesk": (80, 23), "Roundup": (18.3, 91)},
    "reply": {"RT 5": (13.9, 138), "Redmine 5": (9.9, 195), "django-helpdesk": (57.7, 32), "Roundup": (23.9, 73)},
    "search": {"RT 5": (3.2, 610), "Redmine 5": (0.8, 2234), "django-helpdesk": (0.7, 2971), "Roundup": (18.4, 96)},
    "home": {"RT 5": (9.0, 217), "Redmine 5": (16.4, 115), "django-helpdesk": (0.8, 2373), "Roundup": (17.4, 105)},
}  # fmt: skip
"""Requests/s and CPU ms at 100,000 requests (Roundup's queue at 20,000), 2 cores, PostgreSQL, 8 clients, 2 workers."""
TIMES = {"queue": 10, "request": 4, "create": 2, "reply": 2, "search": 10, "home": 10}
"""How many times the best of them is aimed at."""
PEOPLE = 40
"""Who work most; they look at their queue, and write."""
CROWD = 200
"""Who ask and search, so that nobody does it too often for the limits."""


def main() -> None:
    """Fill, measure, print."""
    options = _options()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nkb")))
        url = options.database or stack.enter_context(postgres.server())
        os.environ |= {
            "NEIKE_DATA": str(folder),
            "NEIKE_DATABASE_URL": url,
            "NEIKE_HOSTS": "127.0.0.1,testserver",
            "NEIKE_PROXY_HOPS": "1",
            "DJANGO_SETTINGS_MODULE": "neike.config.settings",
        }
        import django  # noqa: PLC0415 - after the environment

        django.setup()
        _run(options, folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench desk")
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--only", nargs="*", default=list(OTHERS))
    return parser.parse_args(sys.argv[1:])


def _run(options: argparse.Namespace, folder: Path) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - the framework is set up now
    from django.db import connection  # noqa: PLC0415

    from bench import _desk_run as run  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    _fill(options.tickets)
    operations = [each for each in _operations() if each.name in options.only]
    statements = {each.name: _statements(each) for each in operations}
    database = _database(connection)
    connection.close()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        f"{'':8} {'req/s':>7} {'cpu ms':>7} {'app':>6} {'db':>6} {'sql':>4} {'alone':>7}  best other, and the aim"
    )
    with run.servers(folder) as running:
        for operation in operations:
            found = run.measure(operation, running, database, seconds=options.seconds)
            found.statements = statements[operation.name]
            _print(operation.name, found)
    print(f"load {os.getloadavg()[0]:.1f}")


def _print(name: str, found: Any) -> None:
    best = max(OTHERS[name].items(), key=lambda each: each[1][0])
    aim = best[1][0] * TIMES[name]
    print(
        f"{name:8} {found.rate:7.1f} {found.cpu:7.1f} {found.app:6.1f} {found.database:6.1f} {found.statements:4}"
        f" {found.alone:7.1f}  {best[0]} {best[1][0]} · {best[1][1]:.0f}; aim {aim:.0f} · {best[1][1] / TIMES[name]:.1f}"
        + (f"  WRONG ANSWERS {found.wrong}" if found.wrong else ""),
        flush=True,
    )


def _fill(wanted: int) -> None:
    from django.utils import timezone  # noqa: PLC0415 - the framework is set up now

    from bench import _copies, _template  # noqa: PLC0415
    from neike.desk.models import Message, Ticket  # noqa: PLC0415

    begun = time.perf_counter()
    there = Ticket.objects.count()
    if not there:
        _template.build(min(wanted, ORIGINALS), now=timezone.now())
        there = Ticket.objects.count()
        _say(f"{there} originals in {time.perf_counter() - begun:.0f} s")
    if there < min(1.1 * ORIGINALS, wanted):
        _copies.multiply(round(wanted / there) - 1, say=_say)
    open_ones = Ticket.objects.exclude(state__in=["closed", "cancelled", "rejected", "resolved"])
    _say(
        f"{Ticket.objects.count()} requests, {open_ones.count()} of them open, {Message.objects.count()} messages"
    )


def _say(line: str) -> None:
    print(line, flush=True)


def _database(connection: Any) -> Any:
    from bench._desk_run import Cpu  # noqa: PLC0415

    if connection.vendor == "sqlite":
        return lambda: 0.0  # it works inside the servers
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_read_file('postmaster.pid', 0, 10)")
        pid = int(cursor.fetchone()[0].split("\n")[0])
    return Cpu([pid], with_children=True)


def _operations() -> "Iterator[Any]":
    """Yield the operations, asked for by people who serve the busiest departments."""
    from django.db.models import Count  # noqa: PLC0415

    from bench import _template  # noqa: PLC0415
    from bench._desk_run import Ask, Operation  # noqa: PLC0415
    from neike.catalog.models import Service  # noqa: PLC0415
    from neike.desk.models import OPEN_LEGS, Leg  # noqa: PLC0415
    from neike.org.models import Person  # noqa: PLC0415

    busiest = (
        Leg.objects.filter(OPEN_LEGS, assignee__isnull=False)
        .order_by()
        .values("assignee", "supplier")
        .annotate(n=Count("pk"))
        .order_by("-n")[:PEOPLE]
    )
    agents = {each["assignee"]: each["supplier"] for each in busiest}
    sessions = {pk: _session(pk) for pk in agents}
    theirs = {pk: _numbers(pk) for pk in agents}
    services = list(
        Service.objects.filter(is_catch_all=True, state="published").select_related("form")
    )
    people = list(agents)
    present = Person.objects.filter(can_sign_in=True, left_on=None, kind="human").order_by("pk")
    crowd = [_session(pk) for pk in present.values_list("pk", flat=True)[:CROWD]]

    def anybody(chance: random.Random) -> int:
        return chance.choice(people)

    def page(path: str) -> Any:
        return lambda chance: Ask(path, sessions[anybody(chance)])

    def request(chance: random.Random) -> Ask:
        who = anybody(chance)
        return Ask(f"/requests/R-{chance.choice(theirs[who])}/", sessions[who])

    def create(chance: random.Random) -> Ask:
        service, text = chance.choice(services), f"请帮忙处理 request {chance.random()}"
        fields = {
            f"form-{each['key']}": text for each in service.form.fields if each.get("required")
        }
        return Ask(
            f"/requests/new/{service.key}/",
            chance.choice(crowd),
            {"title": text, "priority": "3", **fields},
        )

    def reply(chance: random.Random) -> Ask:
        who = anybody(chance)
        number = chance.choice(theirs[who])
        return Ask(
            f"/requests/R-{number}/reply/",
            sessions[who],
            {"body": "已经处理，请看一下。Done, please look."},
        )

    yield Operation("queue", page("/queue/"))
    yield Operation("request", request)
    yield Operation("create", create)
    yield Operation("reply", reply)
    yield Operation(
        "search",
        lambda chance: Ask(
            f"/search/?q={_quoted(chance.choice(_template.COMMON))}", chance.choice(crowd)
        ),
    )
    yield Operation("home", page("/"))


def _quoted(text: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415

    return quote(text)


def _numbers(person: int) -> list[int]:
    """Return the open requests somebody works on."""
    from neike.desk.models import OPEN_LEGS, Leg  # noqa: PLC0415

    rows = Leg.objects.filter(OPEN_LEGS, assignee=person).order_by("-pk")
    return list(rows.values_list("ticket__number", flat=True)[:100])


def _session(person: int) -> str:
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from neike.org.models import Person  # noqa: PLC0415

    store = SessionStore()
    store[SESSION_KEY] = str(person)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = Person.objects.get(pk=person).get_session_auth_hash()
    store.save()
    return str(store.session_key)


def _statements(operation: Any) -> int:
    """Return how many statements the operation sends, once what it keeps in memory is there."""
    from uuid import uuid4  # noqa: PLC0415

    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    count = 0

    def counted(execute: Any, *call: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*call)

    chance = random.Random(1)
    for attempt in range(2):
        ask = operation.make(chance)
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies["neike_session"] = ask.session
        count = 0
        with connection.execute_wrapper(counted):
            if ask.form is None:
                answer = client.get(ask.path)
            else:
                answer = client.post(ask.path, {**ask.form, "client_key": uuid4().hex})
        if answer.status_code not in {200, 302}:
            print(f"{operation.name}: {answer.status_code} (attempt {attempt}) {ask}")
    return count


if __name__ == "__main__":
    main()
