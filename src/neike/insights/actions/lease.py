"""Who may write edges: one process at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.db import transaction

from neike.insights.models import Observation
from neike.insights.queries.observed import GONE_AFTER
from neike.kernel import installation
from neike.kernel.leases import database_now


class AlreadyObservingError(Exception):
    """Another process counts edges at this moment."""


class LeaseLostError(Exception):
    """Another process has taken over; nothing was written by this one after that."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write edges, as it was when it was taken: `found` is the row of before."""

    token: str
    found: Observation
    fiscal_start: int
    effect: Callable[[], AbstractContextManager[Any]]

    @contextmanager
    def hold(self) -> Iterator[Observation]:
        """Open a transaction in which nobody else writes edges; what is set on the row is stored with it.

        Raises:
            LeaseLostError: another process has taken over.
        """
        with self.effect():
            row = Observation.objects.select_for_update().filter(pk=1, token=self.token).first()
            if row is None:
                raise LeaseLostError
            yield row
            row.beat_at = database_now()
            row.save()

    def give_back(self) -> None:
        """Let others write; does nothing when another process has taken over."""
        Observation.objects.filter(pk=1, token=self.token).update(token="")


def take_lease(effect: Callable[[], AbstractContextManager[Any]] = transaction.atomic) -> Lease:
    """Become the one process that writes edges.

    Raises:
        AlreadyObservingError: another process counts at this moment.
    """
    with effect():
        Observation.objects.get_or_create(pk=1)
        row = Observation.objects.select_for_update().get(pk=1)
        at = database_now()
        if row.token and row.beat_at and row.beat_at > at - GONE_AFTER:
            raise AlreadyObservingError
        token = token_hex(16)
        Observation.objects.filter(pk=1).update(token=token, beat_at=at, done=0, total=0)
    return Lease(token, row, installation.current().fiscal_start_month, effect)
