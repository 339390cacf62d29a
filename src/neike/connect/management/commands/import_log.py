"""`neike import-log FILE --map MAP`: take over the history of another desk."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from neike.connect.event_logs import running
from neike.connect.event_logs.mapping import LogMap, LogMapError, read_map
from neike.connect.event_logs.reading import LogFileError
from neike.org.actions.posts import set_lead
from neike.org.models import Person

MAPS: Final = Path(__file__).resolve().parents[2] / "maps"
_WIDTH: Final = 30
_NAME_WIDTH: Final = 12


class Command(BaseCommand):
    """Import an event log of tickets."""

    help = (
        "Import the ticket history of another desk: CSV or XES, also gzipped, read through a map."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, the map and how to report."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", required=True, help="a map file, or the name of one that is shipped"
        )
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        parser.add_argument("--rejects", type=Path, help="where bad rows go (FILE.rejects.csv)")
        parser.add_argument("--lead", help="employee number of who leads the imported departments")

    def handle(self, **options: Any) -> None:
        """Import and report."""
        log: Path = options["file"]
        rejects = options["rejects"] or Path(f"{log.name}.rejects.csv")
        now = timezone.now()
        lead = self._lead(options["lead"])
        try:
            log_map = self._map(options["map"])
            done = running.run(log, log_map, rejects=rejects, now=now, progress=self._progress)
        except (LogFileError, LogMapError) as error:
            raise CommandError(str(error)) from error
        if lead is not None:
            set_lead(
                department=done.world.root,
                person=lead,
                valid_from=now.date() - timedelta(days=1),
                by=None,
                now=now,
            )
        if options["json"]:
            json.dump(done.summary, sys.stdout, ensure_ascii=False, indent=1)
            sys.stdout.write("\n")
        else:
            self._report(done, rejects)

    def _lead(self, number: str | None) -> Person | None:
        if number is None:
            return None
        person = Person.objects.filter(employee_no=number).first()
        if person is None:
            raise CommandError(
                _("There is nobody with the number %(number)s.") % {"number": number}
            )
        return person

    def _map(self, given: str) -> LogMap:
        shipped = MAPS / f"{given}.yaml"
        if shipped.parent == MAPS and shipped.exists():
            return read_map(shipped)
        if not Path(given).exists():
            names = ", ".join(sorted(file.stem for file in MAPS.glob("*.yaml")))
            raise CommandError(
                _("There is no map %(map)s; shipped are: %(names)s")
                % {"map": given, "names": names}
            )
        return read_map(Path(given))

    def _progress(self, step: str, share: float) -> None:
        """Draw a bar on standard error, in one line of a terminal."""
        if self.stderr.isatty():
            filled = round(share * _WIDTH)
            bar = "█" * filled + "·" * (_WIDTH - filled)
            end = "\n" if share >= 1 else ""
            self.stderr.write(f"\r{_step_name(step)} {bar} {share:4.0%}{end}", ending="")
            self.stderr.flush()

    def _report(self, done: running.Imported, rejects: Path) -> None:
        summary = done.summary
        hours = summary["resolution_hours"]
        lines = [
            _("Cases written now: %(written)s; there already: %(known)s")
            % {"written": done.written, "known": done.known},
            _("Rows taken: %(events)s, from %(first)s to %(last)s")
            % {name: summary[name] for name in ("events", "first", "last")},
            _("Hours to resolution: median %(median)s, 95th percentile %(p95)s (n = %(n)s)")
            % hours,
            _("… in working time: median %(business_median)s, 95th percentile %(business_p95)s")
            % hours,
            _("Hand-overs: %(handovers)s in %(cases)s cases; %(returned)s came back to a group")
            % {
                "handovers": summary["handovers"],
                "cases": summary["cases_with_handover"],
                "returned": summary["cases_returned"],
            },
            _("Promise kept, as the source says: %(source)s; by our standard: %(ours)s")
            % {"source": _share(summary["met_source"]), "ours": _share(summary["met_standard"])},
        ]
        for heading, counts in (
            (_("Cases per priority"), summary["cases_by_priority"]),
            (_("Cases per group"), summary["cases_by_group"]),
        ):
            lines.append(heading + ": " + ", ".join(f"{name} {n}" for name, n in counts.items()))
        for reason, count in summary["rejected"].items():
            lines.append(
                _("Bad rows (%(reason)s): %(count)s, written to %(file)s")
                % {"reason": reason, "count": count, "file": rejects}
            )
        self.stdout.write("\n".join(lines))


def _step_name(step: str) -> str:
    """Return what a step is called, in twelve columns; a Chinese character takes two."""
    name = {
        "reading": _("Reading"),
        "writing": _("Writing"),
        "indexing": _("Indexing"),
        "counting": _("Counting"),
    }[step]
    wide = sum(east_asian_width(char) in "WF" for char in name)
    return name.ljust(_NAME_WIDTH - wide)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
