"""Counting who was seen to serve whom: `python -m bench observed` (SQLite, in a temporary folder).

A made-up organisation of 20,000 people, 800 departments and 30,000 pairs that serve one another. A year of one and
then of two million legs, each delivered, is written straight into the tables of flows and outcomes; requests, legs and events are left out, because
counting reads nothing of them. Then, each in a process of its own so that its peak of memory is its own: everything
anew at one million, at two million, and what a day of 8,000 more legs changed.
"""

# ruff: noqa: E402 - the framework is set up before anything of it is imported

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from neike.insights import actions
from neike.insights.actions.marking import Counted, Known, mark_changed
from neike.insights.models import LegFlow, Outcome
from neike.org.models import Department, Person

PEOPLE = 20_000
DEPARTMENTS = 800
PAIRS = 30_000
MILLION = 1_000_000
A_DAY = 8_000
HANDED_OVER = 0.4
FIRST = date(2025, 10, 1)
DAYS = 365
TODAY = FIRST + timedelta(days=DAYS - 1)
NOW = datetime(2026, 9, 30, 20, tzinfo=UTC)
AT_ONCE = 100_000


def main() -> None:
    """Print seconds and memory."""
    with tempfile.TemporaryDirectory(prefix="neike-bench-") as folder:
        _in_a_process(folder, "organisation")
        for first in (0, MILLION):
            _in_a_process(folder, "legs", first)
            _in_a_process(folder, "everything")
        _in_a_process(folder, "a_day")
        _in_a_process(folder, "changes")
        size = (Path(folder) / "neike.sqlite3").stat().st_size
        print(f"the database has {size / 1e6:.0f} MB; load {os.getloadavg()[0]:.1f}")


def _in_a_process(folder: str, step: str, *arguments: object) -> None:
    command = [sys.executable, "-m", "bench.observed", step, *map(str, arguments)]
    environment = {**os.environ, "NEIKE_DATA": folder}
    environment.pop("NEIKE_DATABASE_URL", None)
    subprocess.run(command, env=environment, check=True)


def organisation() -> None:
    """Write tables, departments and people."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        Department.objects.bulk_create(
            Department(pk=pk, code=f"D{pk}") for pk in range(1, DEPARTMENTS + 1)
        )
        Person.objects.bulk_create(
            Person(pk=pk, employee_no=f"P{pk}", name=f"P{pk}", created_at=NOW)
            for pk in range(1, PEOPLE + 1)
        )


def _legs(first: int, count: int, days: tuple[int, int]) -> Iterator[tuple[object, ...]]:
    """Yield rows of the flow: a few pairs carry much, most carry little, as in real logs."""
    of_pairs = np.random.default_rng(1)
    codes = of_pairs.choice(DEPARTMENTS * (DEPARTMENTS - 1), PAIRS, replace=False)
    supplier, other = codes // (DEPARTMENTS - 1), codes % (DEPARTMENTS - 1)
    customer = other + (other >= supplier)
    weight = of_pairs.lognormal(0, 1.2, PAIRS)
    team = PEOPLE // DEPARTMENTS
    rng = np.random.default_rng(first + 2)
    days_text = [(FIRST + timedelta(days=day)).isoformat() for day in range(DAYS)]
    for begin in range(0, count, AT_ONCE):
        size = min(AT_ONCE, count - begin)
        pair = rng.choice(PAIRS, size, p=weight / weight.sum())
        of_day = rng.integers(*days, size)
        one, two = supplier[pair], customer[pair]
        handed = rng.random(size) < HANDED_OVER
        ticket = first + begin + np.arange(size) - handed
        people = rng.integers(0, team, (2, size))
        columns = (
            first + begin + np.arange(size) + 1,
            ticket + 1,
            one + 1,
            two + 1,
            handed.astype(int),
            one * team + people[0] + 1,
            two * team + people[1] + 1,
        )
        plain = [column.tolist() for column in columns]
        yield from zip(*plain, [days_text[day] for day in of_day.tolist()], strict=True)


NAMES = (
    "leg_id",
    "ticket_id",
    "supplier_id",
    "customer_id",
    "handed_over",
    "provider_person_id",
    "customer_person_id",
    "offered_day",
)


def legs(first: str) -> None:
    """Write a million legs, their indexes afterwards."""
    connection.disable_constraint_checking()
    indexes = [(model, index) for model in (LegFlow, Outcome) for index in model._meta.indexes]
    editor = connection.schema_editor()  # not entered: it would miss the requests at its end
    with transaction.atomic(), connection.cursor() as cursor:
        for _model, index in indexes:
            cursor.execute(f"DROP INDEX {index.name}")
        _write(_legs(int(first), MILLION, (0, DAYS)))
        _write_outcomes(int(first), MILLION)
        for model, index in indexes:
            cursor.execute(str(index.create_sql(model, editor)))


def _write_outcomes(first: int, count: int) -> None:
    """Let every leg after `first` have been delivered on the day it was offered, nine of ten in time."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Outcome._meta.db_table} (clock_id, ticket_id, leg_id, supplier_id, customer_id, service_id,"
            " metric, day, stopped_at, used_seconds, target_seconds, kept)"
            " SELECT leg_id, ticket_id, leg_id, supplier_id, customer_id, 1, 'leg_delivery', offered_day,"
            f" offered_day || ' 08:00:00', 3600, 7200, leg_id % 10 > 0 FROM {LegFlow._meta.db_table}"
            f" WHERE leg_id > {first} AND leg_id <= {first + count}"
        )


def _write(rows: Iterator[tuple[object, ...]]) -> None:

    others = {
        "returned": 0,
        "reworks": 0,
        "supplier_seconds": 3600,
        "requester_seconds": 0,
        "approver_seconds": 0,
        "third_party_seconds": 0,
        "other_leg_seconds": 0,
    }
    columns = ", ".join((*NAMES, *others))
    values = ", ".join(["%s"] * len(NAMES) + [str(value) for value in others.values()])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {LegFlow._meta.db_table} ({columns}) VALUES ({values})", rows
        )


def a_day() -> None:
    """Write a day's legs, and the marks of being offered, accepted, given to somebody else and delivered."""
    connection.disable_constraint_checking()
    rows = list(_legs(2 * MILLION, A_DAY, (DAYS - 1, DAYS)))
    begun = perf_counter()
    with transaction.atomic():
        _write(iter(rows))
        _write_outcomes(2 * MILLION, A_DAY)
        for row in rows:
            values = dict(zip(NAMES, row, strict=True)) | {"offered_day": TODAY}
            for _ in range(4):
                mark_changed(Known(), Known([Counted(**values)]), fiscal_start=1)  # type: ignore[arg-type]
    print(
        f"a day of {A_DAY:,} legs with four marks each: written in {perf_counter() - begun:.1f} s"
    )


def everything() -> None:
    """Count everything anew."""
    _measured("everything anew", lambda: actions.observe(now=NOW))


def changes() -> None:
    """Count what the day changed."""
    _measured("what a day changed", lambda: actions.observe_changes(now=NOW))


def _measured(name: str, work: object) -> None:
    assert callable(work)
    before = _memory()
    begun, cpu = perf_counter(), process_time()
    done = work()
    wall, used = perf_counter() - begun, process_time() - cpu
    print(
        f"{name}: {done.legs:,} legs, {done.edges:,} edges in {wall:.2f} s ({used:.2f} s of CPU);"
        f" memory {before:.0f} MB before, {_memory():.0f} MB at most; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def _memory() -> float:
    """Return the most memory this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    steps = {each.__name__: each for each in (organisation, legs, everything, a_day, changes)}
    steps[sys.argv[1]](*sys.argv[2:])
