"""Read stamps, and keep what was read under them."""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from threading import Lock
from typing import Final, Generic, TypeVar

from django.http import HttpRequest, HttpResponse

from neike.kernel.memory import Memo
from neike.kernel.stamps.models import Stamp

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
View = Callable[[HttpRequest], HttpResponse]

_ALL: Final = "all"
_memo: Memo[str, dict[str, str]] = Memo("stamps")


def stamp_of(topic: str) -> str | None:
    """Return the token of what the topic's tables hold now, in at most one query; None: keep nothing.

    Read it before the rows it speaks of. Rows read under the same token are the same rows.
    """
    return _stamps().get(topic)


def stamps_of(*topics: str) -> tuple[str, ...] | None:
    """Return the tokens of several topics in their order, in at most one query; None when one is missing: keep nothing."""
    found = _stamps()
    return tuple(found[topic] for topic in topics) if found.keys() >= set(topics) else None


def remembered() -> AbstractContextManager[None]:
    """Read all stamps at most once inside the block: for one request that changes nothing."""
    return _memo.kept()


def remembered_while_reading(get_response: View) -> View:
    """Middleware: a page that is only read reads the stamps once. One that writes may draw new ones."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        with remembered():
            return get_response(request)

    return answer


def _stamps() -> dict[str, str]:
    return _memo.get(_ALL, lambda: dict(Stamp.objects.values_list("topic", "token")))


class Kept(Generic[K, V]):
    """Values kept in this process, by key, for as long as the tables of some topics hold the same.

    Values are shared by all requests: nobody may change one. At most `most` are kept; then all are forgotten.
    """

    def __init__(self, *topics: str, most: int = 2000) -> None:
        self._topics, self._most = topics, most
        self._values: dict[tuple[tuple[str, ...], K], V] = {}
        self._lock = Lock()

    def get(self, key: K, read: Callable[[], V]) -> V:
        """Return the value, reading it when it is not known under the present stamps."""
        tokens = stamps_of(*self._topics)
        if tokens is None:
            return read()
        known = tokens, key
        try:
            return self._values[known]
        except KeyError:
            value = read()
        with self._lock:
            if len(self._values) >= self._most:
                self._values.clear()
            self._values[known] = value
        return value
