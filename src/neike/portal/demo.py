"""Make, find and remove the demo company."""

import shutil
from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from neike.kernel import safety, search
from neike.kernel.audit import sealing
from neike.kernel.audit.models import AuditEntry
from neike.kernel.demo import Company
from neike.kernel.registries import DEMO_PARTS
from neike.org.models import Person
from neike.portal.actions.starting import STARTED


def is_loaded() -> bool:
    """Tell whether this database holds people already."""
    return Person.objects.exists()


def was_started_for_real() -> bool:
    """Tell whether somebody has turned this demo into a real installation, which no demo command may touch."""
    return AuditEntry.objects.filter(action=STARTED).exists()


def load(
    *, today: date, now: datetime, progress: Callable[[str], None], scale: float = 1.0
) -> Company:
    """Load every module's part in one transaction: the whole company or nothing.

    `scale` shrinks the history for tests: 0.05 makes a twentieth of the requests.
    """
    company = Company(today=today, now=now, progress=progress, scale=scale)
    with transaction.atomic():
        for part in DEMO_PARTS:
            part.load(company)
        progress("Indexing for the search …")
        search.build_anew()
    return company


def finish(company: Company) -> None:
    """Make everything findable and seal the record, once all modules have written theirs."""
    company.progress("  building the search index")
    company.progress(f"  {search.build_anew()} things can be found")
    sealing.seal_entries(now=company.now, whole=True)


def remove() -> None:
    """Empty the demo: its database, append-only records included, and its files.

    Raises:
        RuntimeError: this is no demo.
    """
    if not settings.DEMO:
        raise RuntimeError("only a demo is ever emptied")
    search.empty()
    safety.lift_safety_objects()
    call_command(
        "flush", interactive=False, verbosity=0
    )  # ends by installing the safety objects again
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
