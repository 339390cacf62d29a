"""`neike import-org FILE…`: take departments, posts and people over from CSV, XLSX or LDIF files."""

import json
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from neike.org.importing import columns, reading
from neike.org.importing.errors import BadFileError, NoPeopleError
from neike.org.importing.report import Report, notes_csv
from neike.org.importing.running import run_import
from neike.org.importing.sources import Source


class Command(BaseCommand):
    """Preview or apply an import; the same engine as the page."""

    help = "Take departments, positions and people over from CSV, XLSX or LDIF files (also .gz)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and the options."""
        parser.add_argument(
            "file",
            type=Path,
            nargs="+",
            help="several are taken over together: what a later one says holds",
        )
        parser.add_argument("--sheet", default="", help="the sheet of a workbook")
        parser.add_argument(
            "--holds-from",
            type=date.fromisoformat,
            metavar="DAY",
            help="the day from which the changes hold, such as 2026-03-31; today by default",
        )
        parser.add_argument(
            "--preview", action="store_true", help="say what would change, write nothing"
        )
        parser.add_argument(
            "--end-missing",
            action="store_true",
            help="people and posts taken over earlier that are in none of the files end (never deleted)",
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=HEADER",
            help=f"which header holds a field, where guessing is wrong; fields: {', '.join(columns.FIELDS)}",
        )
        parser.add_argument(
            "--rejects", type=Path, help="write the rows that were not taken to this CSV file"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, **options: Any) -> None:
        """Run the import and print the report; exit with 1 when rows were refused."""
        with ExitStack() as opened:
            try:
                report = self._run(opened, options)
            except OSError as error:
                raise CommandError(
                    f"{error.filename}: cannot be read ({error.strerror})"
                ) from error
            except BadFileError as error:
                raise CommandError(str(error)) from error
        if options["rejects"]:
            options["rejects"].write_text("".join(notes_csv(report.ordered())), encoding="utf-8")
        self._print(report, as_json=options["json"])
        if report.refused:
            sys.exit(1)

    def _run(self, opened: ExitStack, options: dict[str, Any]) -> Report:
        paths: list[Path] = options["file"]
        sources = []
        for path in paths:
            file = opened.enter_context(path.open("rb"))
            try:
                layout = reading.sniff(file, sheet=options["sheet"])
            except NoPeopleError as error:
                if len(paths) == 1:
                    raise
                self.stderr.write(f"{path}: {error}")
                continue
            except BadFileError as error:
                raise BadFileError(f"{path}: {error}") from error
            guessed = columns.guess(layout.headers, layout.gaps)
            mapping = guessed | _chosen(options["column"], layout.headers)
            sources.append(Source(file, layout, mapping, path.name if len(paths) > 1 else ""))
        if not sources:
            raise BadFileError("there are no people in any of these files")
        return run_import(
            sources,
            by=None,
            now=timezone.now(),
            apply=not options["preview"],
            end_missing=options["end_missing"],
            holds_from=options["holds_from"],
            progress=lambda report: self.stderr.write(
                f"{report.rows} rows, {report.changes} changes", ending="\r"
            ),
        )

    def _print(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            json.dump(report.as_json(), self.stdout, ensure_ascii=False, indent=1)
            self.stdout.write("")
            return
        self.stdout.write(
            f"{report.rows} rows: {report.taken} taken ({report.unchanged} unchanged), {report.refused} refused"
        )
        for name, count, samples in report.kinds():
            if count:
                self.stdout.write(f"{count:6} {name}: {'; '.join(samples)}")
        for note in report.ordered()[:20]:
            self.stdout.write(
                f"{note.file + ' ' if note.file else ''}line {note.line} {columns.FIELDS.get(note.field, '')}: {note.message}"
            )


def _chosen(pairs: list[str], headers: tuple[str, ...]) -> dict[str, int]:
    """Read FIELD=HEADER pairs.

    Raises:
        CommandError: an unknown field or header.
    """
    found = {}
    for pair in pairs:
        field, _sign, header = pair.partition("=")
        if field not in columns.FIELDS or header not in headers:
            raise CommandError(
                f"--column {pair}: fields are {', '.join(columns.FIELDS)}; headers are {', '.join(headers)}"
            )
        found[field] = headers.index(header)
    return found
