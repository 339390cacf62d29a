"""The list of a queue as a file: the same filters, order and columns, within the reader's rights."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl.cell import WriteOnlyCell
from openpyxl.workbook import Workbook

from neike.catalog.choices import Priority
from neike.catalog.models import Service
from neike.desk import queries
from neike.desk.choices import LegState
from neike.desk.display.columns import Column
from neike.desk.models import Ticket
from neike.desk.queries import Cursor
from neike.desk.views.listing import Listing
from neike.desk.views.reading import reader
from neike.kernel import audit
from neike.kernel.limits import limited
from neike.kernel.policies import policy

MOST: Final = 50_000
"""No more rows than this in one file."""
_CHUNK: Final = 500
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""By these, and their full-width forms, spreadsheets know a formula."""
_IN_MEMORY: Final = 1_000_000
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@policy("desk.use")
@limited("desk.export", "10/m")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Download the list as CSV or XLSX; who downloaded what is in the audit log."""
    listing = Listing(reader(request), request.GET)
    if not listing.departments:
        raise Http404
    who = listing.who
    audit.record(
        action="desk.queue_exported",
        subject=who.person,
        by=who.person,
        before={},
        after={"query": request.GET.urlencode()[:1000], "format": kind},
        now=who.now,
    )
    name = f"requests-{timezone.localtime(who.now):%Y%m%d-%H%M}.{kind}"
    file = _xlsx(listing) if kind == "xlsx" else _csv(listing)
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=_TYPES[kind])
    return cast("HttpResponse", answer)  # a streamed one, which doors and limits pass on as it is


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(listing: Listing) -> IO[bytes]:
    """Return the file, with the mark by which spreadsheets know UTF-8; kept on disk once it is large."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    for line in _lines(listing):
        writer.writerow([safe(_text(cell)) for cell in line])
    text.flush()
    text.detach()
    file.seek(0)
    return file


def _text(cell: str | datetime | None) -> str:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell or ""


def _xlsx(listing: Listing) -> IO[bytes]:
    """Return the workbook, written row by row; texts are texts, never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Requests"))
    for line in _lines(listing):
        cells = []
        for value in line:
            plain = value.replace(tzinfo=None) if isinstance(value, datetime) else _printable(value)
            cell = WriteOnlyCell(sheet, value=plain)
            if isinstance(plain, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _printable(text: str | None) -> str:
    """Leave out control characters, which no workbook can hold."""
    return "".join(each for each in text or "" if each >= " " or each in "\n\t")


def _lines(listing: Listing) -> Iterator[list[str | datetime | None]]:
    """Yield the heading and each row of the list, in its order; a redacted row stays redacted."""
    fixed = [_("No."), _("Subject")]
    more = [each for each in listing.columns if each != Column.RELAY]
    yield [*fixed, *(str(each.label) for each in more)]
    services: dict[int, str] = {}
    zone = timezone.get_current_timezone()
    for row in _rows(listing):
        if row.service_id not in services:
            services |= {row.service_id: str(Service.objects.get(pk=row.service_id).name)}
        title = _("Confidential request") if row.redacted else row.ticket__title
        yield [
            Ticket.name_of(row.ticket__number),
            title,
            *(_cell(listing, row, each, services, zone) for each in more),
        ]


def _rows(listing: Listing) -> Iterator[Any]:
    """Yield the rows of the list, 500 at a time by keyset, so that none is read twice."""
    after: Cursor | None = None
    seen = 0
    while seen < MOST:
        page = queries.queue_rows(
            listing.legs(), listing.view, sort=listing.sort, after=after, size=_CHUNK
        )
        yield from page.rows
        seen += len(page.rows)
        after = page.following
        if after is None:
            return


def _cell(
    listing: Listing,
    row: Any,  # noqa: ANN401 - a named tuple of `queries.lists.ROW_FIELDS`
    column: Column,
    services: dict[int, str],
    zone: Any,  # noqa: ANN401 - a time zone
) -> str | datetime | None:
    moments = {
        Column.PROMISE: row.next_due_at,
        Column.OFFERED: row.offered_at,
        Column.STILL: row.since,
        Column.ACTIVITY: row.ticket__last_activity_at,
    }
    if column in moments:
        at: datetime | None = moments[column]
        return at.astimezone(zone) if at else None
    texts: dict[Column, str] = {
        Column.STATE: str(LegState(row.state).label),
        Column.PRIORITY: str(Priority(row.priority).label),
        Column.ASSIGNEE: row.assignee__name or "",
    }
    if not row.redacted:
        texts |= {
            Column.SERVICE: services[row.service_id],
            Column.CUSTOMER: listing.who.chart.name(row.customer_id),
            Column.REQUESTER: row.ticket__requester__name,
        }
    return texts.get(column, "")
