"""Taking over lists of people: rows, heads, leavers, reporting lines."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from neike.org.importing import lines
from neike.org.importing.applying import Applier
from neike.org.importing.errors import RowRefusedError
from neike.org.importing.leads import set_leads
from neike.org.importing.leavers import end_missing
from neike.org.importing.planning import Planner
from neike.org.importing.reading import records
from neike.org.importing.report import Report
from neike.org.importing.rows import read_day
from neike.org.importing.sources import Source, joined
from neike.org.importing.state import State
from neike.org.importing.walking import BATCH, Order, Run


def run_people(sources: Sequence[Source], report: Report, order: Order) -> None:
    """Walk over lists of people."""
    planner = Planner(
        State(order.on),
        first_day=min(_first_day(source, order.on) for source in sources),
        by_code=any("department_code" in source.mapping for source in sources),
    )
    run = Run(
        planner,
        report,
        Applier(order.by, order.now, order.on) if order.apply else None,
        order.transaction,
    )
    rows = joined(sources)
    while batch := list(islice(rows, BATCH)):
        run.batch(batch)
        order.progress(report)
    with order.transaction():
        set_leads(run, order.on)
        if order.end_missing and planner.seen:
            end_missing(run, order.by, order.on)
    for part in lines.planned(run.planner, run.lines, report, order.on):
        with order.transaction():
            _write_lines(run, part)
        order.progress(report)


def _write_lines(run: Run, part: Sequence[lines.Planned]) -> None:
    """Write reporting lines together; where that is refused, one by one."""
    if run.applier is not None:
        try:
            with transaction.atomic():
                run.applier.apply_lines([each.change for each in part])
        except (ValidationError, IntegrityError, KeyError):
            for each in part:
                run.write([each.change], each.line, each.file, each.department)
            return
    for each in part:
        run.report.count([each.change], each.department)


def _first_day(source: Source, today: date) -> date:
    """Return the earliest from-date of the file, at the latest today."""
    earliest, index = today, source.mapping.get("valid_from")
    if index is None:
        return earliest
    for record in records(source.file, source.layout):
        try:
            told = read_day(record.cells[index].strip() if index < len(record.cells) else "")
        except RowRefusedError:
            continue
        earliest = min(earliest, told or earliest)
    return earliest
