"""Put objects into the index and take them out."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import transaction

from neike.kernel.bulk import Inserter
from neike.kernel.search import readers, tokens
from neike.kernel.search.documents import SEARCH_SOURCES, SearchDocument
from neike.kernel.search.models import SearchEntry

_BATCH = 500
_KEY = ("kind", "object_id")
_FIELDS = (*_KEY, "url", "title", "excerpt", "title_tokens", "tokens", "readers", "changed_at")
_LONGEST = 300

Key = tuple[str, str]
"""Kind and object."""


def index(document: SearchDocument) -> None:
    """Put one object into the index, or replace what the index holds of it."""
    _write([document])


def unindex(kind: str, object_id: object) -> None:
    """Take one object out; nothing happens when it is not there."""
    SearchEntry.objects.filter(kind=kind, object_id=str(object_id)).delete()


def bulk_index(documents: Iterable[SearchDocument]) -> int:
    """Index many, 500 at a time, each batch in a transaction; returns how many. Memory stays flat."""
    waiting, count = iter(documents), 0
    while batch := list(islice(waiting, _BATCH)):
        _write(batch)
        count += len(batch)
    return count


def empty() -> None:
    """Take everything out of the index."""
    SearchEntry.objects.all().delete()


def build_anew() -> int:
    """Index everything the modules hold, after an import or a change of the index; returns how many documents."""
    return sum(bulk_index(source.documents()) for source in SEARCH_SOURCES)


@transaction.atomic
def _write(batch: list[SearchDocument]) -> None:
    # The last of several documents of one object counts; one statement may not touch a row twice.
    latest = {(document.kind, document.object_id): document for document in batch}
    Inserter(SearchEntry, _FIELDS, unique=_KEY).insert(map(_entry, latest.values()))


def _entry(document: SearchDocument) -> tuple[Any, ...]:
    """Return the values of `_FIELDS`."""
    return (
        document.kind,
        document.object_id,
        document.url,
        document.title[:_LONGEST],
        document.excerpt[:_LONGEST],
        tokens.tokens(document.title),
        tokens.tokens(document.body),
        readers.of_entry(document.kind, document.scopes),
        document.changed_at,
    )
