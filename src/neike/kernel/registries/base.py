"""An ordered registry filled once at start-up from `apps.ready()`."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Entry(Protocol):
    """What can be registered: a key that is unique in its registry and an order."""

    @property
    def key(self) -> str: ...  # noqa: D102

    @property
    def order(self) -> int: ...  # noqa: D102


E = TypeVar("E", bound=Entry)


class Registry(Generic[E]):
    """Entries by key, iterated by (order, key)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, E] = {}

    def register(self, entry: E) -> E:
        """Add an entry.

        Raises:
            ValueError: another entry has its key.
        """
        if self._entries.get(entry.key, entry) != entry:
            raise ValueError(f"{self.name}: {entry.key!r} is registered twice")
        self._entries[entry.key] = entry
        return entry

    def __iter__(self) -> Iterator[E]:
        return iter(sorted(self._entries.values(), key=lambda entry: (entry.order, entry.key)))

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> E | None:
        """Return the entry with this key, or None."""
        return self._entries.get(key)
