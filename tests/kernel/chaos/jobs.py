import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from django.db.models import F

from neike.kernel.jobs import Run, job
from neike.kernel.outbox import announce
from tests.kernel.chaos.models import Effect


@dataclass(frozen=True, slots=True)
class Worked:
    name: ClassVar[str] = "chaos.worked.v1"
    number: int


def add(kind: str, number: int) -> None:
    """Count an effect; deliberately not idempotent."""
    Effect.objects.get_or_create(kind=kind, number=number)
    Effect.objects.filter(kind=kind, number=number).update(count=F("count") + 1)


@job("chaos.simple")
def simple(*, now: datetime, number: int) -> None:
    """An effect inside the job's transaction: the worker alone must keep it from happening twice."""
    add("job", number)
    announce(Worked(number=number), aggregate=f"group:{number % 7}", now=now)
    time.sleep(0.01)


@job("chaos.own", own_transactions=True)
def own(*, now: datetime, run: Run, number: int) -> None:
    """Slow work outside a transaction, then an idempotent effect, then some more time to be killed in."""
    time.sleep(0.04)
    with run.effect():
        if not Effect.objects.filter(kind="job", number=number).exists():
            add("job", number)
            announce(Worked(number=number), aggregate=f"group:{number % 7}", now=now)
    time.sleep(0.01)


@job("chaos.freezes", own_transactions=True)
def freezes(*, now: datetime, run: Run, folder: str) -> None:
    """The first attempt says that it started and waits for leave to write; later ones write at once."""
    if run.attempt == 1:
        (Path(folder) / "started").touch()
        while not (Path(folder) / "go").exists():
            time.sleep(0.01)
    with run.effect():
        add("frozen", 1)
        Effect.objects.filter(kind="frozen", number=1).update(attempt=run.attempt)
