"""What an import did or would do, and the rows it could not take."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from neike.org.importing.changes import Change, ChangeKind
from neike.org.importing.columns import FIELDS
from neike.org.importing.errors import RowNote
from neike.org.importing.wording import read, stored

SAMPLES: Final = 5
MAX_NOTES: Final = 20_000
EFFECTS: Final = {
    ChangeKind.PERSON_CREATED: "new",
    ChangeKind.POSITION_CREATED: "new",
    ChangeKind.PERSON_PLACED: "moved",
    ChangeKind.PERSON_CHANGED: "changed",
    ChangeKind.POSITION_CHANGED: "changed",
    ChangeKind.LINE_SET: "changed",
    ChangeKind.PERSON_LEFT: "ended",
    ChangeKind.PLACEMENT_ENDED: "ended",
    ChangeKind.POSITION_ENDED: "ended",
}
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass
class Report:
    """`taken` rows were accepted, `unchanged` of them changed nothing; `notes` name the refused ones and remarks."""

    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    refused: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[str]] = field(default_factory=dict)
    notes: list[RowNote] = field(default_factory=list)
    departments: dict[str, Counter[str]] = field(default_factory=dict)
    """Name of a department -> how many people or posts are new, moved, changed or ended in it."""

    @property
    def changes(self) -> int:
        """How many changes there are, over all kinds."""
        return sum(self.counts.values())

    def count(self, changes: Iterable[Change], department: str = "") -> None:
        """Count changes and keep the first of each kind as a sample; once each for the department of the row."""
        changes = list(changes)
        effects = {EFFECTS[change.kind] for change in changes if change.kind in EFFECTS}
        if effects & {"new"}:
            effects.discard("moved")
        if department and effects:
            self.departments.setdefault(department, Counter()).update(effects)
        for change in changes:
            self.counts[change.kind] += 1
            kept = self.samples.setdefault(change.kind, [])
            if len(kept) < SAMPLES:
                kept.append(str(change))

    def note(self, note: RowNote) -> None:
        """Keep what is said of a row; past twenty thousand only the count goes on."""
        self.refused += note.refused
        if len(self.notes) < MAX_NOTES:
            self.notes.append(note)

    def ordered(self) -> list[RowNote]:
        """Return the notes as people go through them: refused rows first, then by file and line."""
        return sorted(self.notes, key=lambda each: (not each.refused, each.file, each.line))

    def kinds(self) -> list[tuple[str, int, list[str]]]:
        """Return (name, count, samples) of every kind of change, in the order a page shows them."""
        return [
            (str(kind.label), self.counts[kind], self.samples.get(kind, [])) for kind in ChangeKind
        ]

    def by_department(self) -> list[tuple[str, int, int, int, int]]:
        """Return (department, new, moved, changed, ended) in the order of names."""
        return [
            (name, found["new"], found["moved"], found["changed"], found["ended"])
            for name, found in sorted(self.departments.items())
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is stored."""
        return {
            "rows": self.rows,
            "taken": self.taken,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "counts": {str(kind): count for kind, count in self.counts.items()},
            "samples": {str(kind): texts for kind, texts in self.samples.items()},
            "notes": [
                [each.line, each.field, each.value, stored(each.message), each.refused, each.file]
                for each in self.notes
            ],
            "departments": {name: dict(found) for name, found in self.departments.items()},
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Report":
        """Read a stored report; its sentences in the present language."""
        return cls(
            rows=found["rows"],
            taken=found["taken"],
            unchanged=found["unchanged"],
            refused=found["refused"],
            counts=Counter(found["counts"]),
            samples=found["samples"],
            notes=[
                RowNote(line, name, value, read(message), *more)
                for line, name, value, message, *more in found["notes"]
            ],
            departments={
                name: Counter(counts) for name, counts in found.get("departments", {}).items()
            },
        )


def notes_csv(notes: Iterable[RowNote]) -> Iterator[str]:
    """Yield the lines of a CSV of the notes that no spreadsheet takes for formulas."""
    header = (_("line"), _("column"), _("value"), _("what is wrong"), _("row taken"), _("file"))
    yield "\ufeff" + _line(header)
    for each in notes:
        column = str(FIELDS.get(each.field, ""))
        taken = _("no") if each.refused else _("yes")
        yield _line((str(each.line), column, each.value, each.message, taken, each.file))


def safe_cell(text: str) -> str:
    """Return a cell that a spreadsheet shows as text: what would start a formula gets an apostrophe in front."""
    plain = text.replace("\x00", "")
    return "'" + plain if plain.lstrip(" ").startswith(_FORMULA_STARTS) else plain


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
