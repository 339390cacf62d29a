"""Look something up: only what the reader's scopes allow, the best first, counts capped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection

from neike.kernel.search import matching, readers, tokens
from neike.kernel.search.documents import Scope, scopes_of
from neike.kernel.search.models import SearchEntry
from neike.kernel.search.tokens import Term

COUNT_CAP = 999
CANDIDATES = COUNT_CAP + 1
_MOST = 100

BLOCK: Final = 16_384
"""Ids per block of PostgreSQL's index; the migration says the same."""
WINDOWS: Final = (2, 10, None)
"""How many of the newest blocks are looked through, one after the other until there are candidates enough; None: all."""

# `{score}` becomes placeholders, never values. What fits is taken from the newest on, and of that the best are shown;
# the number of candidates is the capped count at the same time. SQLite walks its index from the newest entry and stops.
_SHOWN = """
SELECT e.kind, e.object_id, e.url, e.title, e.excerpt, e.changed_at, count(*) OVER ()
FROM ({found}) f JOIN search_searchentry e ON e.id = f.id
ORDER BY {score} DESC, e.id DESC LIMIT %s
"""
_SQLITE = """
SELECT rowid AS id FROM search_fts WHERE search_fts MATCH %s ORDER BY rowid DESC LIMIT %s
"""
_POSTGRESQL = """
WITH hits AS MATERIALIZED (SELECT id FROM search_searchentry
WHERE document @@ (to_tsquery('simple', %s) && %s::tsquery))
SELECT id FROM hits ORDER BY id DESC LIMIT %s
"""


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
    marks = list(map(readers.of_scope, pairs)), list(map(readers.of_kind, kinds))
    score, scored = _score(wanted, any_of=any_of)
    values = [CANDIDATES, *scored, min(limit, _MOST)]
    if connection.vendor == "sqlite":
        expression = matching.for_sqlite(wanted, *marks, any_of=any_of)
        rows = _rows(_SHOWN.format(found=_SQLITE, score=score), [expression, *values])
    else:
        words = matching.for_postgresql(wanted, any_of=any_of)
        rows = _newest_first(_SHOWN.format(found=_POSTGRESQL, score=score), words, marks, values)
    count = rows[0][6] if rows else 0
    hits = tuple(_hit(row[:6]) for row in rows)
    return Results(hits, min(count, COUNT_CAP), is_capped=count > COUNT_CAP, is_loose=any_of)


def _newest_first(
    sql: str, words: str, marks: tuple[list[str], list[str]], values: list[Any]
) -> list[tuple[Any, ...]]:
    """Look through the newest blocks, then through more, then through all, until there are candidates enough.

    A word in every third request would otherwise cost by all of them; one in few costs the little it costs.
    """
    newest = SearchEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    last, rows = newest // BLOCK, []
    for count in WINDOWS:
        blocks = [] if count is None or count > last else range(last, last - count, -1)
        window = [f"@{block}" for block in blocks]
        rows = _rows(sql, [words, matching.marks_for_postgresql(*marks, window), *values])
        if not window or (rows and rows[0][6] >= CANDIDATES):
            break
    return rows


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _score(wanted: list[Term], *, any_of: bool) -> tuple[str, list[str]]:
    """Return the expression that ranks candidates, and its values: terms in the title, then those in the text.

    Where every term fits anyway, those in the title decide.
    """
    texts = ("e.title_tokens", "e.tokens") if any_of else ("e.title_tokens",)
    place = "instr" if connection.vendor == "sqlite" else "strpos"
    parts, values = [], []
    for weight, text in zip((8, 1), texts, strict=False):
        for term in wanted:
            parts.append(
                f"CASE WHEN {place}(' ' || {text} || ' ', %s) > 0 THEN {weight} ELSE 0 END"
            )
            values.append(f" {' '.join(term.tokens)}" + ("" if term.is_prefix else " "))
    return " + ".join(parts), values


def _hit(row: tuple[Any, ...]) -> Hit:
    kind, object_id, url, title, excerpt, changed_at = row
    if isinstance(changed_at, str):  # SQLite keeps moments as text
        changed_at = datetime.fromisoformat(changed_at)
    if changed_at.tzinfo is None:
        changed_at = changed_at.replace(tzinfo=UTC)
    return Hit(kind, object_id, url, title, excerpt, changed_at)
