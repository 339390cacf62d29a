"""What the map costs: `python -m bench map` (SQLite, in a temporary folder).

Two made-up organisations: 300 departments in a tree with 5,000 pairs seen in two quarters, and 800 with 30,000;
relations on four fifths of the pairs and on a fifth more without work. Server: the framework's own client, so middleware, sessions and templates
are in the figures. Browser: from asking for the page until the graph is drawn, when there is a Chromium.
Requests and ratings behind the pairs are left out: the map reads only what was counted and published of them. Every
pair has promises that ended; three of four have published ratings. "first" is a process that has read nothing yet,
after the job has warmed the map.
"""

# ruff: noqa: E402 - the framework is set up before anything of it is imported

import os
import socket
import subprocess
import sys
import tempfile
import time
from datetime import date
from http import HTTPStatus
from importlib import import_module
from statistics import median
from typing import Any

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import sync_playwright

from neike.insights import actions
from neike.insights.models import ObservedEdge, PairShare
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Department, DepartmentAncestry, DepartmentVersion, Person
from neike.org.periods import Period
from neike.relations.choices import ChangeKind, Origin, RelationKind, RelationLevel
from neike.relations.choices import RelationState as State
from neike.relations.models import RelationChange, ServiceRelation
from neike.surveys.models import Publication, PublishedPair
from neike.surveys.queries.pairs import basis
from tests import browsers

SIZES = ((300, 5_000), (800, 30_000))
DEPARTMENTS, PAIRS = (int(each) for each in os.environ.get("BENCH_MAP", "300,5000").split(","))
ROUNDS = 10
EPOCH = date(2020, 1, 1)
ADDRESSES = (
    "/map/",
    "/map/?measure=kept",
    "/map/?measure=satisfaction",
    "/map/matrix/",
    "/map/matrix/?measure=kept",
    "/map/matrix/?measure=satisfaction",
    "/map/compare/",
    "/map/export.csv",
    "/map/export.svg",
    "/map/matrix.svg",
)


def main() -> None:
    """Print milliseconds."""
    for departments, pairs in SIZES:
        print(f"{departments} departments, {pairs:,} pairs")
        _one_size(f"{departments},{pairs}")


def _one_size(size: str) -> None:
    with tempfile.TemporaryDirectory(prefix="neike-bench-") as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"http://localhost:{port}"
        environment = {
            **os.environ,
            "NEIKE_DATA": folder,
            "NEIKE_BASE_URL": address,
            "BENCH_MAP": size,
        }
        environment.pop("NEIKE_DATABASE_URL", None)
        for step in ("build", "server", "browser"):
            command = [sys.executable, "-m", "bench.map", step]
            subprocess.run(command, env=environment, check=True)
        print(f"load {os.getloadavg()[0]:.1f}")


def build() -> None:
    """Write departments, edges and relations."""

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    quarter = org_queries.current_quarter(timezone.now())
    pairs = _pairs()
    with transaction.atomic():
        Person.objects.create(
            pk=1, employee_no="P1", name="Bench", created_at=timezone.now(), can_sign_in=True
        )
        _departments()
        _edges(pairs, quarter)
        _relations(pairs, quarter)
        _measures(pairs, quarter)
    actions.warm_map(now=timezone.now())


def _measures(pairs: list[tuple[int, int, int]], quarter: Period) -> None:
    """Write what was counted of promises and published of ratings."""
    PairShare.objects.bulk_create(
        (
            PairShare(
                quarter_start=quarter.start,
                supplier_id=provider,
                customer_id=customer,
                kept=legs - legs // 8,
                missed=legs // 8,
            )
            for provider, customer, legs in pairs[:PAIRS]
        ),
        batch_size=500,
    )
    PublishedPair.objects.bulk_create(
        (
            PublishedPair(
                quarter_start=quarter.start,
                supplier_id=provider,
                customer_id=customer,
                n=5 + legs,
                mean=3 + legs % 20 / 10,
                low=2.5,
                high=4.95,
            )
            for provider, customer, legs in pairs[: PAIRS * 3 // 4]
        ),
        batch_size=500,
    )
    now = timezone.now()
    until, zone, fiscal_start = basis(now)
    Publication.objects.create(
        until=until, zone=zone, fiscal_start=fiscal_start, print="bench", published_at=now
    )


def _pairs() -> list[tuple[int, int, int]]:
    """Return (provider, customer, legs): a few pairs carry much, most carry little."""
    rng = np.random.default_rng(1)
    codes = rng.choice(DEPARTMENTS * (DEPARTMENTS - 1), PAIRS + PAIRS // 5, replace=False)
    provider, other = codes // (DEPARTMENTS - 1), codes % (DEPARTMENTS - 1)
    customer = other + (other >= provider)
    legs = 3 + rng.lognormal(2, 1.2, len(codes)).astype(int)
    columns = (provider + 1, customer + 1, legs)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _departments() -> None:
    everybody = range(1, DEPARTMENTS + 1)
    Department.objects.bulk_create(Department(pk=pk, code=f"D{pk:03}") for pk in everybody)
    DepartmentVersion.objects.bulk_create(
        DepartmentVersion(
            department_id=pk,
            valid_from=EPOCH,
            name=LocalizedText.of(zh=f"第{pk}部", en=f"Department {pk}"),
            parent_id=None if pk == 1 else max(1, pk // 8),
        )
        for pk in everybody
    )
    ancestry = []
    for pk in everybody:
        above, depth = pk, 0
        while True:
            ancestry.append((above, pk, depth))
            if above == 1:
                break
            above, depth = max(1, above // 8), depth + 1
    DepartmentAncestry.objects.bulk_create(
        DepartmentAncestry(ancestor_id=one, descendant_id=other, depth=depth, valid_from=EPOCH)
        for one, other, depth in ancestry
    )


def _edges(pairs: list[tuple[int, int, int]], quarter: Period) -> None:
    windows = [(quarter.start, 1, 1), (quarter.start, 2, 2), (quarter.previous().start, 1, 1)]
    ObservedEdge.objects.bulk_create(
        (
            ObservedEdge(
                quarter_start=start,
                quarters=quarters,
                supplier_id=provider,
                customer_id=customer,
                legs=legs * times,
                tickets=legs * times,
                supplier_people=2 + legs % 9,
                customer_people=2 + legs % 7,
                handovers=legs * times // 2,
            )
            for provider, customer, legs in pairs[:PAIRS]
            for start, quarters, times in windows
        ),
        batch_size=500,
    )


def _relations(pairs: list[tuple[int, int, int]], quarter: Period) -> None:

    now, since = timezone.now(), quarter.previous().start
    made = [
        ServiceRelation(
            pk=place + 1,
            level=RelationLevel.DEPARTMENT,
            provider_department_id=provider,
            customer_department_id=customer,
            kind=RelationKind.SUPPORT if place % 3 else RelationKind.NEXT_STEP,
            origin=Origin.DECLARED,
            state=State.DECLARED,
            valid_from=since,
            provider_confirmed_on=since,
            version=1,
        )
        for place, (provider, customer, _legs) in enumerate(pairs[PAIRS // 5 :])
    ]
    ServiceRelation.objects.bulk_create(made, batch_size=500)
    RelationChange.objects.bulk_create(
        (
            RelationChange(
                relation=one,
                seq=1,
                kind=ChangeKind.DECLARED,
                at=now,
                on=since,
                state=State.DECLARED,
            )
            for one in made
        ),
        batch_size=500,
    )


def _session() -> tuple[str, str]:

    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(pk=1))
    return settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value


def server() -> None:
    """Print what a page costs on the server, in a process that is set up like the one that serves."""
    import_module("neike.config.asgi")
    name, key = _session()
    client = Client(headers={"host": "localhost"})
    client.cookies[name] = key
    print(
        f"{'page':<32} {'first':>8} {'median':>8} {'least':>8} {'cpu':>8} {'queries':>8} {'kB':>6}"
    )
    for address in ADDRESSES:
        walls, cpus = [], []
        size = 0
        for _round in range(ROUNDS + 1):
            wall, cpu = time.perf_counter(), time.process_time()
            answer = client.get(address)
            walls.append((time.perf_counter() - wall) * 1000)
            cpus.append((time.process_time() - cpu) * 1000)
            size = len(answer.content)
            if answer.status_code != HTTPStatus.OK:
                raise SystemExit(f"{address}: {answer.status_code}")
        queries = _queries(client, address)
        first, *others = walls
        print(
            f"{address:<32} {first:8.0f} {median(others):8.0f} {min(others):8.0f} {median(cpus[1:]):8.0f} {queries:8} {size / 1000:6.0f}"
        )


def _queries(client: Client, address: str) -> int:
    asked = 0

    def counted(execute: Any, *call: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*call)

    with connection.execute_wrapper(counted):
        client.get(address)
    return asked


def browser() -> None:
    """Print how long it takes until the graph is drawn, server included; the second time with warm caches."""

    path = browsers.find()
    if path is None:
        print("browser: not measured, there is none")
        return
    name, key = _session()
    base = settings.BASE_URL
    port = base.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "uvicorn", "neike.config.asgi:application", "--port", port]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        time.sleep(8)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
            context = chromium.new_context(base_url=base, reduced_motion="reduce")
            context.add_cookies([{"name": name, "value": key, "url": base}])
            page = context.new_page()
            for round_ in ("cold", "warm", "warm"):
                page.goto("/map/", wait_until="commit")
                page.wait_for_selector("[data-drawn]", state="attached", timeout=60_000)
                drawn, answered = page.evaluate(
                    "() => [performance.now(), performance.getEntriesByType('navigation')[0].responseEnd]"
                )
                print(
                    f"browser, {round_}: drawn {drawn:.0f} ms, of which the server {answered:.0f} ms"
                )
            chromium.close()
    finally:
        running.terminate()
        running.wait()


if __name__ == "__main__":
    {"build": build, "server": server, "browser": browser}.get((sys.argv[1:] or [""])[0], main)()
