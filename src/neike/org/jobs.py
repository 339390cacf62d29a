"""Background work of the organisation."""

from datetime import datetime, timedelta

from neike.kernel.jobs import Run, job
from neike.org.importing import uploads
from neike.org.models import DirectoryImport


@job("org.work_on_import", own_transactions=True, time_limit=timedelta(hours=1), at_once=1)
def work_on_import(*, import_id: int, now: datetime, run: Run) -> None:
    """Preview or apply a large import; a repeated run finds what was applied unchanged.

    Every part is written under the job's claim: a worker that lost it writes nothing more.
    """
    held = DirectoryImport.objects.select_related("created_by").filter(pk=import_id).first()
    if held is not None:
        uploads.work(held=held, now=now, transaction=run.effect)
