"""Take requests into the numbers: one after an event, or all that are missing."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Final

from django.db import connection, transaction

from neike.catalog.choices import TargetMetric
from neike.desk.models import Ticket
from neike.insights.actions.marking import (
    COUNTED_NAMES,
    PROMISE_NAMES,
    Counted,
    CountedPromise,
    Known,
    mark_changed,
)
from neike.insights.actions.rows import (
    FLOW_NAMES,
    OUTCOME_NAMES,
    TICKET_NAMES,
    OutcomeRow,
    TicketRow,
    rows_of,
)
from neike.insights.models import DailyShare, LegFlow, Outcome, ProjectedTicket
from neike.insights.queries.waiting import not_taken_in
from neike.kernel import installation
from neike.kernel.bulk import Inserter
from neike.kernel.installation.models import Installation

CHUNK: Final = 500
"""Requests per transaction; few enough for the parameter limit of SQLite."""

MANY: Final = 1_000
"""So many requests at once are an import."""

Cell = tuple[date, int, str]
"""Day, supplier, metric."""


def take_in(ticket_ids: Iterable[int]) -> None:
    """Make the numbers of these requests equal to what is stored of them now. Repeating it changes nothing."""
    with transaction.atomic():
        # The lock of the request puts those who take in the same one behind each other.
        rows = Ticket.objects.select_for_update().filter(pk__in=set(ticket_ids)).order_by("pk")
        tickets = [TicketRow(*row) for row in rows.values_list(*TICKET_NAMES)]
        if tickets:
            _replace(tickets, installation.current())


def _replace(tickets: Sequence[TicketRow], settings: Installation) -> None:
    rows = rows_of(tickets, settings.zone)
    change = _counted(((o.day, o.supplier_id, o.metric, o.kept) for o in rows.outcomes), 1)
    # Every request has a leg, so what was never taken in has no flow, and nothing is to be deleted.
    known = LegFlow.objects.filter(ticket__in=[ticket.pk for ticket in tickets])
    legs = [Counted(*row) for row in known.values_list(*COUNTED_NAMES)]
    ids = {row.ticket_id for row in legs}
    before = Known(legs, _promises_of(ids))
    change.update(_forget(ids))
    Inserter(Outcome, OUTCOME_NAMES).insert(rows.outcomes)
    Inserter(LegFlow, FLOW_NAMES).insert(rows.flows)
    after = Known(map(Counted.of, rows.flows), _promises_in(rows.outcomes))
    mark_changed(before, after, fiscal_start=settings.fiscal_start_month)
    _add_to_days(change)
    names = ("ticket_id", "version", "zone")
    Inserter(ProjectedTicket, names, unique=["ticket_id"]).insert(
        (ticket.pk, ticket.version, settings.zone) for ticket in tickets
    )


def _promises_of(ids: Collection[int]) -> list[CountedPromise]:
    """Return the promised deliveries that are kept of some requests; no query for none."""
    if not ids:
        return []
    known = Outcome.objects.filter(ticket__in=ids, metric=TargetMetric.LEG_DELIVERY)
    return [CountedPromise(*row) for row in known.values_list(*PROMISE_NAMES)]


def _promises_in(outcomes: Iterable[OutcomeRow]) -> Iterable[CountedPromise]:
    return (CountedPromise.of(row) for row in outcomes if row.metric == TargetMetric.LEG_DELIVERY)


def _forget(ids: Collection[int]) -> Counter[tuple[date, int, str, bool]]:
    """Take out what is kept of requests that were taken in before; return it as a difference."""
    if not ids:
        return Counter()
    before = Outcome.objects.filter(ticket__in=ids)
    change = _counted(before.values_list("day", "supplier_id", "metric", "kept"), -1)
    before.delete()
    LegFlow.objects.filter(ticket__in=ids).delete()
    return change


def _counted(
    outcomes: Iterable[tuple[date, int, str, bool]], sign: int
) -> Counter[tuple[date, int, str, bool]]:
    found: Counter[tuple[date, int, str, bool]] = Counter()
    for outcome in outcomes:
        found[outcome] += sign
    return found


def _add_to_days(change: Counter[tuple[date, int, str, bool]]) -> None:
    """Add differences to the daily sums in one order for everybody, so that nobody waits in a circle."""
    cells: dict[Cell, list[int]] = {}
    for (day, supplier, metric, kept), amount in change.items():
        cells.setdefault((day, supplier, metric), [0, 0])[0 if kept else 1] += amount
    written = connection.ops.adapt_datefield_value
    rows = [
        (written(day), supplier, metric, *amounts)
        for (day, supplier, metric), amounts in sorted(cells.items())
        if any(amounts)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_upsert(), rows)


def _upsert() -> str:
    """Return the statement that adds to a day's sums; PostgreSQL and SQLite read the same words."""
    table = connection.ops.quote_name(DailyShare._meta.db_table)
    return (
        f"INSERT INTO {table} (day, supplier_id, metric, kept, missed) VALUES (%s, %s, %s, %s, %s) "  # noqa: S608 - our own table
        f"ON CONFLICT (day, supplier_id, metric) DO UPDATE SET "
        f"kept = {table}.kept + excluded.kept, missed = {table}.missed + excluded.missed"
    )


def catch_up(*, most: int | None = None, progress: Callable[[int], None] | None = None) -> int:
    """Take in requests that changed unheard (imports, the demo, another zone); return how many.

    `most` bounds the work of one call. `progress` is told the number done so far. Each chunk is a transaction;
    memory stays flat.
    """
    done, last = 0, 0
    while most is None or done < most:
        size = CHUNK if most is None else min(CHUNK, most - done)
        missing = not_taken_in().filter(pk__gt=last).order_by("pk")
        ids = list(missing.values_list("pk", flat=True)[:size])
        if not ids:
            break
        take_in(ids)
        done, last = done + len(ids), ids[-1]
        if progress:
            progress(done)
    if done >= MANY:
        _let_the_planner_look()
    return done


def _let_the_planner_look() -> None:
    """Let SQLite count its indexes after an import; without that it may choose a very slow one.

    PostgreSQL does so by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def rebuild(*, progress: Callable[[int], None] | None = None) -> int:
    """Compute everything anew, chunk by chunk, while the numbers stay readable; return how many requests."""
    ProjectedTicket.objects.update(version=0)
    return catch_up(progress=progress)
