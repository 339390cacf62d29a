"""Put objects into the index and take them out."""

from collections.abc import Iterable
from itertools import islice

from django.db import transaction

from neike.kernel.search import tokens
from neike.kernel.search.documents import SEARCH_SOURCES, SearchDocument
from neike.kernel.search.models import SearchEntry, SearchScope

_BATCH = 500
_FIELDS = ["url", "title", "excerpt", "title_tokens", "tokens", "changed_at"]
_LONGEST = 300


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
    rows = SearchEntry.objects.bulk_create(
        [_entry(document) for document in latest.values()],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=_FIELDS,
    )
    SearchScope.objects.filter(entry__in=rows).delete()
    SearchScope.objects.bulk_create(
        SearchScope(entry=row, scope_type=scope_type, scope_id=scope_id)
        for row, document in zip(rows, latest.values(), strict=True)
        for scope_type, scope_id in sorted(document.scopes)
    )


def _entry(document: SearchDocument) -> SearchEntry:
    return SearchEntry(
        kind=document.kind,
        object_id=document.object_id,
        url=document.url,
        title=document.title[:_LONGEST],
        excerpt=document.excerpt[:_LONGEST],
        title_tokens=tokens.tokens(document.title),
        tokens=tokens.tokens(document.body),
        changed_at=document.changed_at,
    )
