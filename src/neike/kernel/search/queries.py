"""Look something up: only what the reader's scopes allow, the best first, counts capped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from neike.kernel.search import matching, tokens
from neike.kernel.search.documents import Scope, scopes_of
from neike.kernel.search.tokens import Term

COUNT_CAP = 999
CANDIDATES = COUNT_CAP + 1
_MOST = 100

# `{visible}`, `{kinds}` become placeholders, never values. Ranking what fits costs by the number that fits, so of
# more than `CANDIDATES` only the newest are ranked; their number is the capped count at the same time.
_SQLITE = """
SELECT e.kind, e.object_id, e.url, e.title, e.excerpt, e.changed_at, count(*) OVER ()
FROM (SELECT e.id, bm25(search_fts, 8.0, 1.0) AS score
FROM search_fts JOIN search_searchentry e ON e.id = search_fts.rowid
WHERE search_fts MATCH %s AND {visible}{kinds}
ORDER BY search_fts.rowid DESC LIMIT %s) f JOIN search_searchentry e ON e.id = f.id
ORDER BY f.score, e.id DESC LIMIT %s
"""
_POSTGRESQL = """
SELECT e.kind, e.object_id, e.url, e.title, e.excerpt, e.changed_at, count(*) OVER ()
FROM (SELECT e.id, ts_rank(e.document, q) AS score
FROM search_searchentry e, to_tsquery('simple', %s) q
WHERE e.document @@ q AND {visible}{kinds}
ORDER BY e.id DESC LIMIT %s) f JOIN search_searchentry e ON e.id = f.id
ORDER BY f.score DESC, e.id DESC LIMIT %s
"""
_VISIBLE = (
    "EXISTS (SELECT 1 FROM search_searchscope s WHERE s.entry_id = e.id "
    "AND (s.scope_type, s.scope_id) IN (VALUES {pairs}))"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    kind: str
    object_id: str
    url: str
    title: str
    excerpt: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """The best hits, and how many there are up to 999. `is_loose` says that not every word was found together."""

    hits: tuple[Hit, ...]
    count: int
    is_capped: bool = False
    is_loose: bool = False

    @property
    def count_text(self) -> str:
        """The count as it is written: "12", or "999+"."""
        return f"{COUNT_CAP}+" if self.is_capped else str(self.count)


def search_for(
    person: Any,  # noqa: ANN401 - the kernel knows no person class
    text: str,
    *,
    now: datetime,
    kinds: Iterable[str] = (),
    limit: int = 20,
) -> Results:
    """Look up what `person` may see."""
    return search(scopes=scopes_of(person, now), text=text, kinds=kinds, limit=limit)


def search(
    *, scopes: Iterable[Scope], text: str, kinds: Iterable[str] = (), limit: int = 20
) -> Results:
    """Return what matches every term and is visible in one of the scopes, best first; title before text.

    Of more than 1,000 matches the newest 1,000 are ranked; a further word finds the older ones.

    When nothing does, runs of characters are cut into pairs and any of them counts. Without a letter in
    `text`, or without scopes, nothing is found. `limit` is at most 100.
    """
    wanted, pairs = tokens.terms(text), sorted(set(scopes))
    if not wanted or not pairs:
        return Results((), 0)
    found = _look_up(wanted, pairs, sorted(set(kinds)), limit, any_of=False)
    loose = tokens.loosened(wanted)
    if found.hits or loose == wanted:
        return found
    return _look_up(loose, pairs, sorted(set(kinds)), limit, any_of=True)


def _look_up(
    wanted: list[Term], pairs: list[Scope], kinds: list[str], limit: int, *, any_of: bool
) -> Results:
    write = matching.for_sqlite if connection.vendor == "sqlite" else matching.for_postgresql
    parts = {
        "visible": _VISIBLE.format(pairs=", ".join(["(%s, %s)"] * len(pairs))),
        "kinds": f" AND e.kind IN ({', '.join(['%s'] * len(kinds))})" if kinds else "",
    }
    values = [write(wanted, any_of=any_of), *[part for pair in pairs for part in pair], *kinds]
    statement = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**parts), [*values, CANDIDATES, min(limit, _MOST)])
        rows = cursor.fetchall()
    count = rows[0][-1] if rows else 0
    hits = tuple(_hit(row[:-1]) for row in rows)
    return Results(hits, min(count, COUNT_CAP), is_capped=count > COUNT_CAP, is_loose=any_of)


def _hit(row: tuple[Any, ...]) -> Hit:
    kind, object_id, url, title, excerpt, changed_at = row
    if isinstance(changed_at, str):  # SQLite keeps moments as text
        changed_at = datetime.fromisoformat(changed_at)
    if changed_at.tzinfo is None:
        changed_at = changed_at.replace(tzinfo=UTC)
    return Hit(kind, object_id, url, title, excerpt, changed_at)
