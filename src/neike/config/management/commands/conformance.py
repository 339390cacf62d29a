"""`neike conformance KIND FILE`: run a file of worked cases against the engines and print the results as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from neike.engines import conformance


class Command(BaseCommand):
    """Compute worked cases; the database is not needed."""

    help = "Compute the cases of a conformance file and print the results as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the kind of cases and the file."""
        parser.add_argument("kind", choices=["clocks"])
        parser.add_argument("file", type=Path)

    def handle(self, **options: Any) -> None:
        """Print `[{"id": ..., "due": ...}]`; complaints about single cases go to standard error."""
        results, complaints = self._compute(options["file"])
        for complaint in complaints:
            self.stderr.write(complaint)
        json.dump(results, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")

    def _compute(self, file: Path) -> tuple[list[dict[str, str | None]], list[str]]:
        try:
            return conformance.clock_dues(json.loads(file.read_text(encoding="utf-8")))
        except OSError as error:
            raise CommandError(f"{file}: cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file}: is not UTF-8 text") from error
        except json.JSONDecodeError as error:
            raise CommandError(
                f"{file}: line {error.lineno}, column {error.colno}: {error.msg}"
            ) from error
        except conformance.BadCaseError as error:
            raise CommandError(f"{file}: {error}") from error
