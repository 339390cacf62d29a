"""What following the organisation chart costs: `python -m bench chart` (SQLite, or NEIKE_BENCH_DATABASE_URL).

A made-up organisation of 20,000 people in 800 departments, a head for each. Measured: the first night, when
everything is proposed; a night on which nothing has changed; one on which fifty departments have new heads; one
person's own proposals; and two processes at the same moment.
"""

# ruff: noqa: E402 - the framework is set up before anything of it is imported

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from neike.kernel.texts import LocalizedText
from neike.org.choices import LeadKind
from neike.org.models import (
    Department,
    DepartmentAncestry,
    DepartmentLead,
    DepartmentVersion,
    Person,
    Placement,
    Position,
)
from neike.relations import actions
from neike.relations.models import RelationChange, ServiceRelation

DEPARTMENTS = 800
PEOPLE = 20_000
NEW_HEADS = 50
EPOCH = date(2020, 1, 1)


def main() -> None:
    """Print seconds, statements and megabytes."""
    with tempfile.TemporaryDirectory(prefix="neike-bench-") as folder:
        environment = {**os.environ, "NEIKE_DATA": folder}
        environment.pop("NEIKE_DATABASE_URL", None)
        if address := os.environ.get("NEIKE_BENCH_DATABASE_URL"):
            environment["NEIKE_DATABASE_URL"] = address

        def step(name: str) -> list[str]:
            return [sys.executable, "-m", "bench.chart", name]

        subprocess.run(step("build"), env=environment, check=True)
        print("two processes at once", flush=True)
        both = [subprocess.Popen(step("first"), env=environment) for _ in range(2)]
        if any(each.wait() for each in both):
            sys.exit("one of two at once failed")
        for name in ("sound", "again", "one", "heads"):
            subprocess.run(step(name), env=environment, check=True)
        print(f"load {os.getloadavg()[0]:.1f}")


def build() -> None:
    """Write departments, heads and people."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        everybody, departments = range(1, PEOPLE + 1), range(1, DEPARTMENTS + 1)
        Person.objects.bulk_create(
            (
                Person(pk=pk, employee_no=f"P{pk}", name=f"Person {pk}", created_at=timezone.now())
                for pk in everybody
            ),
            batch_size=500,
        )
        Department.objects.bulk_create(Department(pk=pk, code=f"D{pk:03}") for pk in departments)
        DepartmentVersion.objects.bulk_create(
            DepartmentVersion(
                department_id=pk,
                valid_from=EPOCH,
                name=LocalizedText.of(zh=f"第{pk}部", en=f"Department {pk}"),
                parent_id=_above(pk),
            )
            for pk in departments
        )
        DepartmentAncestry.objects.bulk_create(_ancestry(), batch_size=500)
        Position.objects.bulk_create(
            Position(
                pk=pk, code=f"T{pk}", title=LocalizedText.of(zh="员", en="Post"), department_id=pk
            )
            for pk in departments
        )
        Placement.objects.bulk_create(
            (
                Placement(
                    person_id=pk,
                    position_id=_department(pk),
                    department_id=_department(pk),
                    valid_from=EPOCH,
                )
                for pk in everybody
            ),
            batch_size=500,
        )
        DepartmentLead.objects.bulk_create(
            DepartmentLead(department_id=pk, person_id=pk, kind=LeadKind.LEAD, valid_from=EPOCH)
            for pk in departments
        )


def _department(person: int) -> int:
    return 1 + (person - 1) % DEPARTMENTS


def _above(department: int) -> int | None:
    return None if department == 1 else max(1, department // 8)


def _ancestry() -> list[DepartmentAncestry]:
    rows: list[DepartmentAncestry] = []
    for pk in range(1, DEPARTMENTS + 1):
        above: int | None = pk
        depth = 0
        while above is not None:
            rows.append(
                DepartmentAncestry(
                    ancestor_id=above, descendant_id=pk, depth=depth, valid_from=EPOCH
                )
            )
            above, depth = _above(above), depth + 1
    return rows


def measured(name: str, run: Callable[[], int]) -> None:
    """Print what a run cost."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, busy = time.perf_counter(), time.process_time()
    made = run()
    took, worked = time.perf_counter() - begun, time.process_time() - busy
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"  {name}: {made} in {took:.1f} s ({worked:.1f} s CPU), {more:.0f} MB more", flush=True)


def follow(*, days: int = 0, person: Person | None = None) -> int:
    """Follow the chart some days from now."""
    return actions.follow_chart(now=timezone.now() + timedelta(days=days), person=person)


def first() -> None:
    """Propose everything."""
    measured("first night", follow)


def sound() -> None:
    """Look that nothing was proposed twice and every proposal has its history."""
    rows, changes = ServiceRelation.objects.count(), RelationChange.objects.count()
    pairs = ServiceRelation.objects.values("kind", "provider_person", "customer_person").distinct()
    print(f"  {rows} relations, {changes} changes, {pairs.count()} different")


def again() -> None:
    """Follow the same chart again."""
    measured("nothing new", follow)
    with CaptureQueriesContext(connection) as queries:
        follow()
    print(f"  statements with nothing new: {len(queries)}")


def one() -> None:
    """Propose what concerns one person."""
    person = Person.objects.get(pk=1)
    measured("one person", lambda: follow(person=person))


def heads() -> None:
    """Give fifty departments new heads."""
    Person.objects.filter(pk__lte=NEW_HEADS).update(left_on=timezone.localdate())
    leads = DepartmentLead.objects.filter(person_id__lte=NEW_HEADS)
    leads.update(valid_to=timezone.localdate())
    DepartmentLead.objects.bulk_create(
        DepartmentLead(
            department_id=pk,
            person_id=pk + DEPARTMENTS,
            kind=LeadKind.LEAD,
            valid_from=timezone.localdate(),
        )
        for pk in range(1, NEW_HEADS + 1)
    )
    measured("fifty new heads", lambda: follow(days=1))


if __name__ == "__main__":
    {each.__name__: each for each in (build, first, sound, again, one, heads)}[sys.argv[1]]()
