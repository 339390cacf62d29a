"""`neike serve`: prepare the database and run web server and worker as one group."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from neike.config import supervisor

LAST_PORT = 65535


class Command(BaseCommand):
    """Serve this installation."""

    help = "Prepare the database and serve: web server and background worker in one group."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add host and port."""
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))

    def handle(self, **options: Any) -> None:
        """Migrate, collect the static files and run until stopped."""
        port = _port(options["port"])
        self.stdout.write(f"Data:     {settings.DATA}")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write(f"Serving:  http://{options['host']}:{port}   (Ctrl-C stops)")
        self.stdout.flush()
        group = supervisor.Supervisor(
            [
                supervisor.Member("web server", supervisor.web_command(options["host"], port)),
                supervisor.Member("worker", supervisor.worker_command()),
            ]
        )
        raise SystemExit(group.run())


def _port(value: str) -> int:
    """Read a port.

    Raises:
        CommandError: it is not a number from 1 to 65535.
    """
    try:
        port = int(value)
    except ValueError:
        port = 0
    if not 1 <= port <= LAST_PORT:
        raise CommandError(f"the port must be a number from 1 to 65535, not {value!r}")
    return port
