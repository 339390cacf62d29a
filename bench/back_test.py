"""Back-testing a standard: `python -m bench back_test` (SQLite, in a temporary folder).

A service with 10,000 requests of a year, each accepted, answered, put on hold for the requester in one case of three
and delivered, one in twenty still open, is written by the bulk writer. Measured are the reading of all logs under a
draft that promises half the time, as the job does it, and the report's lines, curve and customers from what it kept.
"""

import os
import resource
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time

REQUESTS = 10_000
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=360)


def main() -> None:
    """Print seconds and memory."""
    with tempfile.TemporaryDirectory(prefix="neike-bench-") as folder:
        os.environ["NEIKE_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")
        import django  # noqa: PLC0415 - the place of the database is known only now

        django.setup()
        _measure(Path(folder))


def _measure(folder: Path) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - see main

    from neike.catalog import actions as catalog_actions  # noqa: PLC0415
    from neike.insights import actions  # noqa: PLC0415
    from neike.insights.queries import EVERYTHING, backtests  # noqa: PLC0415
    from tests.make import catalog  # noqa: PLC0415
    from tests.make import insights as make  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    house = make.house()
    _fill(house)
    draft = catalog_actions.draft_standard(
        service=house.service,
        content=catalog.content(
            targets=catalog_actions.minutes(
                {metric: {"": minutes // 2} for metric, minutes in make.PROMISED.items()}
            )
        ),
        by=None,
        now=NOW,
    )
    test = actions.ask_for_back_test(standard=draft, quarters=8, by=None, now=NOW)
    begin, cpu = perf_counter(), process_time()
    actions.run_back_test(test_id=test.pk, run=test.run, now=NOW)
    wall, used = perf_counter() - begin, process_time() - cpu
    test.refresh_from_db()
    print(
        f"{test.total} requests read in {wall:.1f} s ({used:.1f} s of CPU,"
        f" {test.total / used:.0f} requests/s); report of {len(bytes(test.rows)) / 1000:.0f} kB"
    )
    cpu = process_time()
    rows, _whole = backtests.rows_told(test, EVERYTHING, fiscal_start=1)
    lines = list(backtests.lines(rows, draft, 0.9))
    backtests.curve_around(rows.of("end_to_end"), lines[-1].target)
    backtests.by_customer(rows.of("end_to_end"))
    print(f"page's numbers from {len(rows)} clocks: {(process_time() - cpu) * 1000:.0f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = (folder / "neike.sqlite3").stat().st_size / 1e6
    print(f"peak {peak:.0f} MB; database {size:.0f} MB; load {os.getloadavg()[0]:.1f}")


def _fill(house: object) -> None:
    from neike.desk.bulk import write_tickets  # noqa: PLC0415 - see main
    from neike.desk.choices import WaitingOn  # noqa: PLC0415
    from tests.make.insights import House  # noqa: PLC0415

    assert isinstance(house, House)
    chance = Random(1)
    for number in range(REQUESTS):
        at = START + timedelta(minutes=number * 50)
        by, customer = (house.anna, house.hr) if number % 2 else (house.sam, house.sales)
        script = house.ask(at, by, customer)
        at += timedelta(minutes=chance.randint(1, 90))
        script.accept(at, 0, by_id=house.ivan.pk)
        script.message(at, by_id=house.ivan.pk, serving=True)
        if number % 3 == 0:
            at += timedelta(minutes=chance.randint(1, 60))
            script.wait(at, 0, by_id=house.ivan.pk, waiting_on=WaitingOn.REQUESTER, reason="Which?")
            at += timedelta(minutes=chance.randint(1, 600))
            script.resume(at, 0, by_id=house.ivan.pk)
        if number % 20:
            script.deliver(at + timedelta(minutes=chance.randint(5, 400)), 0, by_id=house.ivan.pk)
    for _part in write_tickets(house.scripts, now=NOW):
        pass


if __name__ == "__main__":
    sys.exit(main())
