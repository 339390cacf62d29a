"""What taking over a large organisation costs: `python -m bench.import_org [--people N] [--departments N] [LIST…]`.

Makes lists with invented names, the same every time: `csv` and `xlsx` list people with departments, positions and
managers, `posts` is an organogram of posts with those who hold them. Each is previewed, applied, applied again and
applied with a change on every hundredth row, by the installed command's own code, in a process and a fresh SQLite
database of its own. CPU is the process's user and system time; memory is the largest it ever had.
"""

# ruff: noqa: PLC0415 - the framework is imported when the new database's place is known

import csv
import io
import os
import resource
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

LISTS = ("csv", "xlsx", "posts")
BRANCHES = 6
"""How many departments stand below one."""
CHANGED = 100
"""Every so manieth person has another position in the changed list."""
PEOPLE_HEADER = (
    "Employee no", "Name", "E-mail", "Department code", "Department", "Parent department code", "Position", "Manager",
    "From date",
)  # fmt: skip
POSTS_HEADER = (
    "Post Unique Reference", "Name", "Grade", "Job title", "Parent department", "Organisation", "Unit",
    "Reports to Senior Post", "FTE",
)  # fmt: skip
FAMILY = [
    "Abren",
    "Belor",
    "Cadin",
    "Dorva",
    "Elmar",
    "Fenno",
    "Galvi",
    "Hesta",
    "Ilmor",
    "Jorvi",
    "Kesta",
    "Lumor",
    "Mendi",
    "Norva",
    "Ostel",
]
GIVEN = [
    "Ada",
    "Bero",
    "Cila",
    "Dano",
    "Efra",
    "Gilo",
    "Hana",
    "Ivo",
    "Juna",
    "Kiro",
    "Lena",
    "Milo",
    "Nora",
    "Odo",
    "Pia",
    "Runa",
    "Silo",
    "Tora",
]
WORK = [
    "Finance",
    "Supply",
    "Quality",
    "Service",
    "Design",
    "Safety",
    "Planning",
    "Systems",
    "Transport",
    "Laboratory",
]
TITLES = [
    "Officer",
    "Clerk",
    "Engineer",
    "Analyst",
    "Planner",
    "Advisor",
    "Assistant",
    "Specialist",
]


def main() -> None:
    """Measure every list, each in a process of its own."""
    for name in LISTS:
        subprocess.run([sys.executable, "-m", "bench.import_org", name], check=True)


def run(arguments: Sequence[str]) -> None:
    """Make one list, or every one in a process of its own, and print what each step of taking it over cost."""
    parser = ArgumentParser(prog="python -m bench.import_org")
    parser.add_argument("lists", nargs="*", metavar="LIST")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--departments", type=int, default=800)
    parser.add_argument("--write", type=Path, help="only write the lists into this folder")
    asked = parser.parse_args(arguments)
    size = asked.people, asked.departments
    if asked.write:
        for name in asked.lists or LISTS:
            write_list(name, asked.write, *size)
    elif len(asked.lists) == 1:
        with TemporaryDirectory(prefix="neike-bench-") as folder:
            measure(asked.lists[0], Path(folder), *size)
    else:
        options = ["--people", str(size[0]), "--departments", str(size[1])]
        for name in asked.lists or LISTS:
            subprocess.run([sys.executable, "-m", "bench.import_org", name, *options], check=True)


def write_list(
    name: str, folder: Path, people: int, departments: int, *, changed: bool = False
) -> Path:
    """Write a list and return its file; with `changed` every hundredth person has another position."""
    make = post_rows if name == "posts" else people_rows
    file = folder / f"{name}{'-changed' if changed else ''}.{'xlsx' if name == 'xlsx' else 'csv'}"
    rows = make(people, departments, changed=changed)
    if name == "xlsx":
        _write_workbook(file, rows)
        return file
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows(rows)
    return file


def _write_workbook(file: Path, rows: Iterator[tuple[str, ...]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    for row in rows:
        sheet.append(row)
    book.save(file)


def people_rows(people: int, departments: int, *, changed: bool) -> Iterator[tuple[str, ...]]:
    """Yield a list of people: the head of each department first, then everybody else in departments at random."""
    chance = Random(20)
    yield PEOPLE_HEADER
    for number in range(people):
        place = number if number < departments else chance.randrange(departments)
        head = number < departments
        above = (place - 1) // BRANCHES if head else place
        title = "Head" if head else chance.choice(TITLES)
        if changed and number % CHANGED == CHANGED - 1:
            title = f"Senior {title}"
        yield (
            _number(number),
            _name(number),
            f"p{number}@house.invalid",
            f"D{place:04}",
            _department(place),
            f"D{(place - 1) // BRANCHES:04}" if place else "",
            title,
            _number(above) if number else "",
            f"20{10 + number % 15}-0{1 + number % 9}-01",
        )


def post_rows(people: int, departments: int, *, changed: bool) -> Iterator[tuple[str, ...]]:
    """Yield an organogram: the head post of each unit first, then posts below it, one in ten vacant."""
    chance = Random(21)
    yield POSTS_HEADER
    for number in range(people):
        head = number < departments
        place = number if head else chance.randrange(departments)
        above = (place - 1) // BRANCHES if head else place
        title = "Head" if head else chance.choice(TITLES)
        if changed and number % CHANGED == CHANGED - 1:
            title = f"Senior {title}"
        vacant = not head and number % 10 == 0
        yield (
            f"P{number:05}",
            "Vacant" if vacant else _name(number),
            "G7",
            f"{title}, {_department(place)}",
            "Ministry of Measures",
            "Ministry of Measures",
            _department(place),
            f"P{above:05}" if number else "XX",
            "1",
        )


def _number(number: int) -> str:
    return f"E{number:06}"


def _name(number: int) -> str:
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]} {number}"


def _department(place: int) -> str:
    return f"{WORK[place % len(WORK)]} {place}"


def measure(name: str, folder: Path, people: int, departments: int) -> None:
    """Preview, apply, apply again and apply a changed list; print seconds and peak memory of each."""
    os.environ |= {
        "NEIKE_DATA": str(folder),
        "NEIKE_DATABASE_URL": f"sqlite:///{folder}/neike.sqlite3",
        "DJANGO_SETTINGS_MODULE": "neike.config.settings",
    }
    file = write_list(name, folder, people, departments)
    other = write_list(name, folder, people, departments, changed=True)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(f"{name}: {people} rows, {departments} departments, {file.stat().st_size >> 10} KB")
    print(f"  {'start':<8} {'':>25} peak {_peak()} MB", flush=True)
    steps = {
        "preview": (file, ["--preview"]),
        "apply": (file, []),
        "again": (file, []),
        "changed": (other, []),
    }
    for step, (list_, options) in steps.items():
        wall, cpu = perf_counter(), _cpu()
        out = io.StringIO()
        call_command("import_org", str(list_), *options, stdout=out, stderr=io.StringIO())
        wall, cpu = perf_counter() - wall, _cpu() - cpu
        said = out.getvalue().partition("\n")[0]
        print(
            f"  {step:<8} {cpu:7.1f} s CPU {wall:7.1f} s peak {_peak()} MB; {said}",
            flush=True,
        )


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    run(sys.argv[1:])
