"""Requests prepared so that every demo account finds something waiting for it."""

from collections.abc import Iterator

from neike.desk.bulk import TicketScript
from neike.desk.demo.world import World
from neike.kernel.demo import Company


def special(_company: Company, _world: World) -> Iterator[TicketScript]:
    """Yield nothing yet."""
    yield from ()
