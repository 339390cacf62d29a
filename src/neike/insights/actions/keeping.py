"""Take requests into the numbers: one after an event, or all that are missing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from neike.desk.bulk.inserting import Inserter
from neike.desk.models import Ticket
from neike.insights.actions.rows import FLOW_NAMES, OUTCOME_NAMES, Row, rows_of
from neike.insights.models import DailyShare, LegFlow, Outcome, ProjectedTicket
from neike.kernel import installation

CHUNK: Final = 250
"""Requests per transaction; few enough for the parameter limit of SQLite."""

MANY: Final = 1_000
"""So many requests at once are an import."""

Cell = tuple[date, int, str]
"""Day, supplier, metric."""
Change = Counter[tuple[Any, ...]]
"""How many outcomes more or fewer there are, by (day, supplier, metric, kept)."""
_COUNTED: Final = OUTCOME_NAMES[:4]


def take_in(ticket_ids: Iterable[int]) -> None:
    """Make the numbers of these requests equal to what is stored of them now. Repeating it changes nothing."""
    with transaction.atomic():
        # The lock of the request puts those who take in the same one behind each other.
        tickets = list(
            Ticket.objects.select_for_update().filter(pk__in=set(ticket_ids)).order_by("pk")
        )
        if tickets:
            _replace(tickets, installation.current().zone)


def _replace(tickets: Sequence[Ticket], zone: str) -> None:
    ids = [ticket.pk for ticket in tickets]
    rows = rows_of(tickets, zone)
    before = Outcome.objects.filter(ticket__in=ids)
    change: Change = Counter(row[: len(_COUNTED)] for row in rows.outcomes)
    change.subtract(Counter(before.values_list(*_COUNTED)))
    before.delete()
    LegFlow.objects.filter(ticket__in=ids).delete()
    Inserter(Outcome, OUTCOME_NAMES).insert(_with_days(rows.outcomes, OUTCOME_NAMES))
    Inserter(LegFlow, FLOW_NAMES).insert(_with_days(rows.flows, FLOW_NAMES))
    _add_to_days(change)
    ProjectedTicket.objects.bulk_create(
        (ProjectedTicket(ticket=ticket, version=ticket.version, zone=zone) for ticket in tickets),
        update_conflicts=True,
        unique_fields=["ticket"],
        update_fields=["version", "zone"],
    )


def _with_days(rows: Iterable[Row], names: Sequence[str]) -> Iterator[Row]:
    """Write dates as the database wants them; the inserter passes everything but moments on as it is."""
    written = connection.ops.adapt_datefield_value
    places = [place for place, name in enumerate(names) if name.endswith("day")]
    for row in rows:
        values = list(row)
        for place in places:
            values[place] = written(values[place])
        yield tuple(values)


def _add_to_days(change: Change) -> None:
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

    `most` bounds the work of one call. `progress` is told the number done so far. Each chunk is a transaction.
    """
    done = 0
    for ids in _chunks(_missing(most)):
        take_in(ids)
        done += len(ids)
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


def _missing(most: int | None) -> list[int]:
    projected = ProjectedTicket.objects.filter(
        ticket=OuterRef("pk"), version=OuterRef("version"), zone=installation.current().zone
    )
    found = Ticket.objects.filter(~Exists(projected)).order_by("pk").values_list("pk", flat=True)
    return list(found if most is None else found[:most])


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK))
