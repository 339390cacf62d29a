"""What the pages cost on a loaded database: `NEIKE_DATA=… python -m bench pages`.

Asks for each page as somebody signed in, with the framework's own client, so middleware, sessions and templates
are in the figures; the network is not. On a shared machine the least CPU of the rounds says most. The person is the one with the employee number in `BENCH_PERSON`, or who
leads most departments. Nothing is written but sessions and rate limits.
"""

# ruff: noqa: E402 - the framework is set up before anything of it is imported

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median
from time import perf_counter, process_time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")
django.setup()

from django.db import connection
from django.db.models import Count
from django.test import Client

from neike.desk.models import Leg, Ticket
from neike.desk.views import queue
from neike.org.models import Department, DepartmentLead, Person

ROUNDS = 20
LENGTHS = (25, 50, 100)


@dataclass(frozen=True)
class Cost:
    """Median wall and CPU milliseconds of a page, the least CPU, its queries and its size."""

    wall: float
    cpu: float
    least: float
    queries: int
    kilobytes: float


def main() -> None:
    """Print a table of pages."""
    person = _person()
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    print(f"as {person.employee_no}, medians of {ROUNDS}")
    print(f"{'page':<44} {'wall ms':>8} {'cpu ms':>8} {'least':>8} {'queries':>8} {'kB':>6}")
    for name, address in _pages():
        _show(name, measure(client, address))
    for length in LENGTHS:
        with _length(length):
            _show(f"queue, up to {length} rows", measure(client, "/queue/?department=all"))


def _show(name: str, cost: Cost) -> None:
    print(
        f"{name:<44} {cost.wall:8.1f} {cost.cpu:8.1f} {cost.least:8.1f} {cost.queries:8} {cost.kilobytes:6.0f}",
        flush=True,
    )


def measure(client: Client, address: str) -> Cost:
    """Ask for a page `ROUNDS` times after a first one, which fills caches, and a second, which counts queries."""
    client.get(address)
    queries = 0

    def counted(execute: Any, *call: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*call)

    with connection.execute_wrapper(counted):
        answer = client.get(address)
    if answer.status_code != HTTPStatus.OK:
        raise SystemExit(f"{address}: {answer.status_code} {answer.headers.get('Location', '')}")
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = perf_counter(), process_time()
        client.get(address)
        walls.append(perf_counter() - wall)
        cpus.append(process_time() - cpu)
    times = median(walls) * 1000, median(cpus) * 1000, min(cpus) * 1000
    return Cost(*times, queries, len(answer.content) / 1000)


def _person() -> Person:
    if DepartmentLead._meta.db_table not in connection.introspection.table_names():
        raise SystemExit("no database here; name a loaded one in NEIKE_DATA")
    number = os.environ.get("BENCH_PERSON")
    if number:
        return Person.objects.get(employee_no=number)
    most = DepartmentLead.objects.values("person").annotate(n=Count("pk")).order_by("-n").first()
    if most is None:
        raise SystemExit("nobody leads a department here; name somebody in BENCH_PERSON")
    return Person.objects.get(pk=most["person"])


def _pages() -> Iterator[tuple[str, str]]:
    busiest = Leg.objects.order_by().values("supplier").annotate(n=Count("pk")).order_by("-n")[0]
    department = Department.objects.get(pk=busiest["supplier"])
    most = Ticket.objects.annotate(n=Count("events")).order_by("-n", "pk")
    longest, usual = most[0], most[Ticket.objects.count() // 2]
    yield "home", "/"
    for view in ("open", "done", "overdue"):
        address = f"/queue/?department={department.public_id}&view={view}"
        yield f"queue of the busiest department, {view}", address
    yield "queue of all departments", "/queue/?department=all"
    yield f"request with {usual.n} events", usual.path
    yield f"request with {longest.n} events", longest.path
    yield f"loop of the busiest department, {busiest['n']} legs", f"/loop/{department.public_id}/"
    yield "loop, all departments", "/loop/"
    yield "search, a word of every title", f"/search/?q={usual.title.split()[0]}"
    yield "search, a rare word", f"/search/?q={longest.title.split()[-1]}"
    yield "suggestions while typing", f"/search/suggestions/?q={usual.title[:3]}"


@contextmanager
def _length(rows: int) -> Iterator[None]:
    """Let the queue show so many rows."""
    before = queue.PAGE
    queue.PAGE = rows  # type: ignore[misc]  # a constant of the page, another one for the measurement
    try:
        yield
    finally:
        queue.PAGE = before  # type: ignore[misc]


if __name__ == "__main__":
    main()
