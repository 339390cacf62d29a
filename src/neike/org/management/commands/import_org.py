"""`neike import-org FILE`: take departments and people over from a CSV file."""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from neike.org.importing import columns, reading
from neike.org.importing.errors import BadFileError
from neike.org.importing.report import Report, notes_csv
from neike.org.importing.running import run_import


class Command(BaseCommand):
    """Preview or apply an import; the same engine as the page."""

    help = "Take departments, positions and people over from a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and the options."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--preview", action="store_true", help="say what would change, write nothing"
        )
        parser.add_argument(
            "--end-missing",
            action="store_true",
            help="people taken over earlier who are not in the file leave today (never deleted)",
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
        try:
            with options["file"].open("rb") as file:
                report = self._run(file, options)
        except OSError as error:
            raise CommandError(f"{options['file']}: cannot be read ({error.strerror})") from error
        except BadFileError as error:
            raise CommandError(f"{options['file']}: {error}") from error
        if options["rejects"]:
            options["rejects"].write_text("".join(notes_csv(report.notes)), encoding="utf-8")
        self._print(report, as_json=options["json"])
        if report.refused:
            sys.exit(1)

    def _run(self, file: BinaryIO, options: dict[str, Any]) -> Report:
        layout = reading.sniff(file)
        mapping = columns.guess(layout.headers) | _chosen(options["column"], layout.headers)
        return run_import(
            file,
            layout=layout,
            mapping=mapping,
            by=None,
            now=timezone.now(),
            apply=not options["preview"],
            end_missing=options["end_missing"],
            progress=lambda rows: self.stderr.write(f"{rows} rows", ending="\r"),
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
        for note in report.notes[:20]:
            self.stdout.write(
                f"line {note.line} {columns.FIELDS.get(note.field, '')}: {note.message}"
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
