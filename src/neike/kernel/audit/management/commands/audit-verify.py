# ruff: noqa: N999 - a command is named like its file
"""`neike audit-verify`: check the audit chain, or print its head."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from neike.kernel.audit import sealing


class Command(BaseCommand):
    """Verify the audit chain; exit 1 and name the first bad row when it does not hold."""

    help = "Seal what waits, then verify the audit chain and the personal values it refers to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--head", action="store_true", help="only print the head, to keep elsewhere"
        )
        parser.add_argument(
            "--noted",
            metavar="POSITION:MAC",
            help="a head noted earlier: the chain must contain it",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run."""
        if options["head"]:
            self.stdout.write(str(sealing.head() or ""))
            return
        try:
            noted = sealing.Head.parse(options["noted"]) if options["noted"] else None
        except ValueError as error:
            raise CommandError(str(error)) from error
        sealing.seal_entries(now=timezone.now(), whole=True)
        found = sealing.verify(noted=noted)
        if not found:
            where = f"entry {found.entry_id}, " if found.entry_id else ""
            raise CommandError(
                f"{found.problem}: {where}position {found.position}; {found.checked} links before it hold"
            )
        self.stdout.write(f"ok: {found.checked} entries, head {found.head or 'none'}")
