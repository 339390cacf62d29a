"""How long an event log takes to come in: `python -m bench.import_log [FILE --map MAP] [--cases N]`.

Without a file it makes its own log, the same every time: most cases with one group, some with
hand-overs and waits, one in twenty still open. It is imported into a fresh SQLite database in a temporary folder by
the installed command's own code. CPU is the process's user time; memory is the largest it ever had.
"""

# ruff: noqa: PLC0415 - the framework is imported when the new database's place is known

import csv
import os
import resource
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

ONE_GROUP, HANDED_ON, WAITS, SOLVED = 0.6, 0.45, 0.3, 0.95
"""How likely a case is to do so."""
START = datetime(2025, 1, 6, 8, tzinfo=UTC)
HEADER = ("case", "time", "state", "group", "person", "priority", "category")
MAP = """
format: neike.log-map/1
source: bench
name: {zh: 测量, en: Benchmark}
zone: Asia/Shanghai
time_formats: [iso]
missing: ["?"]
columns: {case: case, time: time, state: state, group: group, person: person, priority: priority,
          category: category}
states: {New: new, Active: working, Waiting: waiting_requester, Resolved: resolved, Closed: closed}
responded: [Active]
priorities: {P1: urgent, P2: high, P3: normal, P4: low}
departments:
  code_prefix: BE
  root: {code: BE-ROOT, zh: 测量, en: Benchmark}
  customers: {code: BE-CUST, zh: 客户, en: Customers}
  unassigned: {code: BE-NONE, zh: 无组, en: No group}
calendar:
  name: {zh: 平日, en: Weekdays}
  week: {mon: [["09:00", "18:00"]], tue: [["09:00", "18:00"]], wed: [["09:00", "18:00"]],
         thu: [["09:00", "18:00"]], fri: [["09:00", "18:00"]]}
services:
  - categories: ["*"]
    service:
      key: bench-case
      icon: tools
      name: {zh: 案例, en: Case}
      summary: {zh: 测量用, en: For measuring}
      form: []
      standard:
        promise: {zh: 一天, en: One day}
        targets: {acceptance: {any: 120}, first_response: {any: 120}, leg_delivery: {any: 960}, end_to_end: {any: 960}}
"""


def main() -> None:
    """Run in a process of its own, which has its own memory and its own database."""
    subprocess.run([sys.executable, "-m", "bench.import_log"], check=True)


def run(arguments: Sequence[str]) -> None:
    """Import a log into a new database and print what each step cost."""
    parser = ArgumentParser(prog="python -m bench.import_log")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--map", help="a map file, or the name of one that is shipped")
    parser.add_argument("--cases", type=int, default=25_000)
    asked = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="neike-bench-") as name:
        folder = Path(name)
        os.environ |= {
            "NEIKE_DATA": name,
            "NEIKE_DATABASE_URL": f"sqlite:///{name}/neike.sqlite3",
            "DJANGO_SETTINGS_MODULE": "neike.config.settings",
        }
        log, log_map = asked.file, asked.map
        if log is None:
            log, log_map = folder / "log.csv", folder / "map.yaml"
            write_log(log, asked.cases)
            log_map.write_text(MAP, encoding="utf-8")
        measure(log, log_map, folder)


def write_log(file: Path, cases: int) -> None:
    """Write a log of so many cases, about six rows each, in the order in which things happened to each case."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADER)
        chance = Random(7)
        for number in range(cases):
            writer.writerows(_case(number, chance))


def _case(number: int, chance: Random) -> Iterator[tuple[str, ...]]:
    at = START + timedelta(minutes=20 * number)
    group = 0 if chance.random() < ONE_GROUP else chance.randrange(1, 80)
    values = [f"P{chance.choice('12333334')}", f"Category {chance.randrange(60)}"]

    def row(state: str) -> tuple[str, ...]:
        nonlocal at
        at += timedelta(minutes=chance.randrange(1, 900))
        person = f"Person {group}-{chance.randrange(4)}"
        return f"B{number:07}", at.isoformat(), state, f"Group {group}", person, *values

    yield row("New")
    yield row("Active")
    while chance.random() < HANDED_ON:
        group = chance.randrange(80)
        yield row("Active")
    if chance.random() < WAITS:
        yield row("Waiting")
        yield row("Active")
    if chance.random() < SOLVED:
        yield row("Resolved")
        yield row("Closed")


def measure(log: Path, log_map: Path | str, folder: Path) -> None:
    """Import and print rows a second, seconds of each step, and peak memory."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from neike.connect.event_logs import running
    from neike.connect.event_logs.mapping import read_map
    from neike.connect.management.commands.import_log import MAPS

    call_command("migrate", verbosity=0)
    shipped = MAPS / f"{log_map}.yaml"
    chosen = read_map(shipped if shipped.exists() else Path(log_map))
    base = _peak()
    for title in ("first run", "again"):
        steps: dict[str, tuple[float, float]] = {}

        def heard(step: str, _share: float, steps: dict[str, tuple[float, float]] = steps) -> None:
            steps[step] = perf_counter(), _user()

        wall, cpu = before = perf_counter(), _user()
        done = running.run(
            log, chosen, rejects=folder / "rejects.csv", now=timezone.now(), progress=heard
        )
        total = perf_counter() - wall, _user() - cpu
        rows = done.summary["events"]
        print(f"{title}: {rows} rows, {done.written} cases written, {done.known} known")
        for step, moment in steps.items():
            print(f"  {step:<10} {moment[0] - before[0]:7.1f} s {moment[1] - before[1]:7.1f} s CPU")
            before = moment
        print(
            f"  {'whole':<10} {total[0]:7.1f} s {total[1]:7.1f} s CPU, {rows / total[0]:.0f} rows/s"
        )
    print(f"peak memory {_peak()} MB, {base} MB of it before the import")


def _user() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    run(sys.argv[1:])
