"""`neike demo`: the demo company, loaded once, and served."""

import time
from argparse import BooleanOptionalAction
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from neike.kernel.demo import PASSWORD
from neike.portal import demo

ZONE = ZoneInfo("Asia/Shanghai")


class Command(BaseCommand):
    """Load the demo company into an installation of its own and serve it."""

    help = "Load the demo company (first time) and serve it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--reset", action="store_true", help="empty the demo and load it anew")
        parser.add_argument("--serve", action=BooleanOptionalAction, default=True)

    def handle(self, **options: Any) -> None:
        """Prepare, load, print what to open, serve."""
        if not settings.DEMO:
            raise CommandError("start the demo with: neike demo")
        self._say(f"Preparing the demo in {settings.DATA}")
        call_command("migrate", verbosity=0, interactive=False)
        if demo.was_started_for_real():
            raise CommandError(
                f"The demo in {settings.DATA} was started for real. Start it with: "
                f"NEIKE_DATA={settings.DATA} neike serve"
            )
        if options["reset"]:
            demo.remove()
        if demo.is_loaded():
            self._say("The demo company is there already (start over with --reset).")
        else:
            self._load()
        self._say(f"\nOpen {settings.BASE_URL} and choose a demo account on the sign-in page.")
        self._say(f"All demo accounts share one password: {PASSWORD}\n")
        if options["serve"]:
            call_command("serve")

    def _load(self) -> None:
        begun = time.monotonic()
        self._say("Loading the demo company 云岭科技 Yunling Tech …")
        now = timezone.now()
        demo.load(today=now.astimezone(ZONE).date(), now=now, progress=self._say)
        self._say(f"Loaded in {time.monotonic() - begun:.0f} s.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
