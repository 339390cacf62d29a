"""What waits for a person today, as the modules say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from neike.kernel.registries import MY_DAY, DayItem
from neike.kernel.registries.entries import Text
from neike.org.models import Person

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """Items of one kind: the first few, and the address of all when there are more."""

    label: Text
    icon: str
    items: Sequence[DayItem]
    more_url: str


def waiting(person: Person, *, now: datetime) -> list[Waiting]:
    """Return what waits, by kind in the order of the registry; kinds without an item are left out."""
    found = []
    for source in MY_DAY:
        items = source.items(person, now)
        if items:
            more = source.url() if len(items) > SHOWN else ""
            found.append(Waiting(source.label, source.icon, items[:SHOWN], more))
    return found
