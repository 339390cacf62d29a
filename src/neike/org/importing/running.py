"""Running an import over whole files, in batches: preview and apply are the same walk."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from neike.kernel.policies import require
from neike.org import policies
from neike.org.importing import columns
from neike.org.importing.errors import BadFileError, RowNote
from neike.org.importing.ldif import left_out_words
from neike.org.importing.people import run_people
from neike.org.importing.posts import run_posts
from neike.org.importing.report import Report
from neike.org.importing.sources import Source
from neike.org.importing.walking import Order, Progress, Transaction, silent
from neike.org.importing.wording import _
from neike.org.models import Person


def run_import(
    sources: Sequence[Source],
    *,
    by: Person | None,
    now: datetime,
    apply: bool,
    end_missing: bool = False,
    holds_from: date | None = None,
    progress: Progress = silent,
    transaction: Transaction = transaction.atomic,
) -> Report:
    """Walk over files and report what changes; with `apply` the changes are written, batch by batch.

    Files of people and files of posts may be mixed. With `end_missing` people and posts that were taken over before
    and are in none of the files end; nobody is deleted. `holds_from` is the day from which the changes hold, today
    when it is None. A row that cannot be taken never holds up another. Doing it again reports no change. `progress` is
    told after each batch. `transaction` opens one; a job gives its own, which is lost with
    its lease.

    Raises:
        BadFileError: a needed column is not mapped, or a file cannot be read; batches before that stay.
        PermissionDenied: `by` may not change the organisation.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    for source in sources:
        lacking = columns.missing(source.mapping)
        if lacking:
            raise BadFileError(
                _("These columns are missing: %(names)s.") % {"names": ", ".join(lacking)}
            )
    on = holds_from or policies.day_of(now)
    order = Order(by, now, on, apply, end_missing, progress, transaction)
    report = Report()
    posts = [each for each in sources if columns.names_posts(each.mapping)]
    people = [each for each in sources if not columns.names_posts(each.mapping)]
    if posts:
        run_posts(posts, report, order)
    if people:
        run_people(people, report, order)
    for source in sources:
        words = left_out_words(source.layout.left_out)
        if words:
            report.note(RowNote(0, "", "", words, refused=False, file=source.name))
    return report
