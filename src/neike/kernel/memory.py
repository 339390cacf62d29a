"""What one request or one job looks up once, and nobody remembers after it."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(Generic[K, V]):
    """Values by key that last as long as the block in which they are kept; outside any, each is read anew.

    So a long-lived process never works with what another one has changed since.
    """

    def __init__(self, name: str) -> None:
        self._kept: ContextVar[dict[K, V] | None] = ContextVar(name, default=None)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Remember inside the block; a block in another one begins with nothing and leaves nothing behind."""
        token = self._kept.set({})
        try:
            yield
        finally:
            self._kept.reset(token)

    def get(self, key: K, read: Callable[[], V]) -> V:
        """Return the value, reading it when it is not known yet."""
        kept = self._kept.get()
        if kept is None:
            return read()
        if key not in kept:
            kept[key] = read()
        return kept[key]

    def forget(self) -> None:
        """Make the next use in this block read again."""
        kept = self._kept.get()
        if kept is not None:
            kept.clear()
