"""Run a standard over the stored past. Nothing of the past is written, only the report."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from neike.catalog import policies as catalog_policies
from neike.catalog import queries as catalog_queries
from neike.catalog.models import ServiceStandard
from neike.desk.queries import backtests as past
from neike.insights.models import BackTest
from neike.insights.queries.backtest_rows import Rows, joined, pack, rows_of
from neike.kernel import installation
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person

MOST: Final = 50_000
"""A report holds the newest so many requests."""
QUARTERS: Final = (1, 2, 4, 8)


@transaction.atomic
def ask_for_back_test(
    *, standard: ServiceStandard, quarters: int, by: Person | None, now: datetime
) -> BackTest:
    """Ask for a report about a version of a standard over the last quarters, the running one among them.

    What an earlier report said is gone. `run_back_test` does the work.

    Raises:
        PermissionDenied: `by` may not edit the service.
        ValueError: `quarters` is none of `QUARTERS`.
    """
    today = org_queries.organisation_day(now)
    require(catalog_policies.may_edit(by, standard.service, on=today))
    if quarters not in QUARTERS:
        raise ValueError(f"quarters must be one of {QUARTERS}, got {quarters}")
    since = org_queries.current_quarter(now).shifted(1 - quarters).starts_at
    found = BackTest.objects.select_for_update().filter(standard=standard).first()
    test = found or BackTest(standard=standard, run=0)
    test.fingerprint = catalog_queries.fingerprint(standard)
    test.quarters, test.since, test.until = quarters, since, now
    test.run, test.done, test.left_out = test.run + 1, 0, 0
    test.asked_at, test.asked_by, test.finished_at, test.rows = now, by, None, b""
    test.total = len(past.requests_of(standard, since=since, until=now, most=MOST))
    test.save()
    return test


def run_back_test(
    *,
    test_id: int,
    run: int,
    now: datetime,
    effect: Callable[[], AbstractContextManager[Any]] = transaction.atomic,
) -> None:
    """Write the report that was asked for by run number `run`; nothing if it was asked for anew since.

    Reads the logs part by part and tells after each how far it is. Clocks still running are read at `until`.
    """
    test = BackTest.objects.filter(pk=test_id, run=run).select_related("standard__service").first()
    if test is None:
        return
    ids = past.requests_of(test.standard, since=test.since, until=test.until, most=MOST + 1)
    left_out = max(0, len(ids) - MOST)
    if left_out:
        ids = ids[left_out:]
        left_out = _older(test, ids[0])
    parts: list[Rows] = []
    for start in range(0, len(ids), past.AT_ONCE):
        part = ids[start : start + past.AT_ONCE]
        parts.append(_columns(test, part))
        values = {"done": start + len(part), "total": len(ids)}
        if not _write(test, run, values, effect):
            return
    report = {"rows": pack(joined(parts)), "finished_at": now, "left_out": left_out}
    _write(test, run, report, effect)


def _columns(test: BackTest, ticket_ids: list[int]) -> Rows:
    house = installation.current()
    clocks = past.replayed(test.standard, ticket_ids, now=test.until)
    return rows_of(clocks, zone=ZoneInfo(house.zone), fiscal_start=house.fiscal_start)


def _older(test: BackTest, first: int) -> int:
    """Count the requests before the first that fits."""
    everything = past.count_of(test.standard, since=test.since, until=test.until)
    fitting = past.count_of(test.standard, since=test.since, until=test.until, first=first)
    return everything - fitting


def _write(
    test: BackTest,
    run: int,
    values: dict[str, Any],
    effect: Callable[[], AbstractContextManager[Any]],
) -> bool:
    with effect():
        return bool(BackTest.objects.filter(pk=test.pk, run=run).update(**values))
