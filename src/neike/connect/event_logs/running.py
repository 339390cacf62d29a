"""The import of one log from beginning to end."""

import csv
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from neike.catalog.choices import TargetMetric
from neike.connect.event_logs.mapping import LogMap
from neike.connect.event_logs.reading import LogFile
from neike.connect.event_logs.staging import Reject, Stage
from neike.connect.event_logs.summary import Summary
from neike.connect.event_logs.telling import tell
from neike.connect.event_logs.world import World, build
from neike.desk import queries as desk_queries
from neike.desk.bulk import TicketScript, write_tickets
from neike.desk.choices import ClockState
from neike.desk.models import Clock, Ticket
from neike.insights import actions as insights_actions
from neike.insights.queries.waiting import not_taken_in
from neike.kernel.audit.actions import record
from neike.kernel.search import SearchDocument, bulk_index
from neike.org import queries as org_queries

Progress = Callable[[str, float], None]
"""Hears the step ("reading", "writing", "indexing", "counting") and the share done, 0 to 1."""
_INDEXED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: cases written now, cases that were there already, and the summary of the log."""

    written: int
    known: int
    world: World
    summary: dict[str, Any]


def run(
    log: Path, log_map: LogMap, *, rejects: Path, now: datetime, progress: Progress
) -> Imported:
    """Import a log, and what the pages read of it: search index and numbers.

    Broken off, it may be run again: what is there already is not written twice, what lacks is added.

    Raises:
        LogFileError: the log cannot be read, or lacks a column that the map names.
    """
    with (
        tempfile.TemporaryDirectory(prefix="neike-log-") as folder,
        closing(Stage(Path(folder) / "log.sqlite3", log_map)) as stage,
        _RejectFile(rejects) as reject,
    ):
        staged = stage.fill(
            LogFile(log), progress=lambda share: progress("reading", share), reject=reject.add
        )
        world = build(log_map, stage, now=now)
        calendar = org_queries.prepared_calendar(world.calendar)
        summary = Summary(
            calendar=calendar,
            true_words=log_map.true_words,
            resolved_by_column="resolved" in log_map.columns,
        )
        written, known = 0, 0
        total = max(stage.count(), 1)
        for batch in write_tickets(_scripts(stage, log_map, world, summary), now=now):
            written, known = written + len(batch.tickets), known + batch.known
            progress("writing", (written + known) / total)
        found = summary.as_json(staged, met_standard=met_standard(log_map.source))
    _make_findable(log_map.source, progress)
    lacking = not_taken_in().count()
    insights_actions.catch_up(progress=lambda done: progress("counting", min(done / lacking, 1)))
    with suppress(insights_actions.AlreadyObservingError):  # a job counts, and will see the rest
        insights_actions.observe_changes(now=now)
    record(
        action="connect.log_imported",
        subject=world.root,
        by=None,
        after={"file": log.name, "source": log_map.source, "written": written, "known": known},
        now=now,
    )
    return Imported(written, known, world, found)


def _scripts(
    stage: Stage, log_map: LogMap, world: World, summary: Summary
) -> Iterator[TicketScript]:
    for case in stage.cases():
        summary.add(case)
        yield tell(case, log_map, world)


def _make_findable(source: str, progress: Progress) -> None:
    """Put the requests of a source that cannot be found yet into the search index."""
    lacking = desk_queries.not_indexed(Ticket.objects.filter(source=source))
    total = lacking.count()

    def watched() -> Iterator[SearchDocument]:
        for done, document in enumerate(desk_queries.search_documents(lacking), 1):
            yield document
            if done % _INDEXED_AT_ONCE == 0 or done == total:
                progress("indexing", done / total)

    bulk_index(watched())


def met_standard(source: str) -> float | None:
    """Return the share of the source's finished requests whose end-to-end promise our standard calls kept."""
    finished = Clock.objects.filter(
        ticket__source=source,
        metric=TargetMetric.END_TO_END,
        state__in=[ClockState.MET, ClockState.BREACHED],
    )
    total = finished.count()
    return finished.filter(state=ClockState.MET).count() / total if total else None


class _RejectFile:
    """A CSV of bad rows: where, why, and the row itself as JSON. It is made with the first bad row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: Any = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, place: int, reason: str, cells: dict[str, str] | list[str]) -> None:
        """Write one bad row."""
        if self._writer is None:
            self._file = self.path.open("w", newline="", encoding="utf-8")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["place", "reason", "row"])
        self._writer.writerow([place, reason, json.dumps(cells, ensure_ascii=False)])


__all__ = ["Imported", "Progress", "Reject", "met_standard", "run"]
