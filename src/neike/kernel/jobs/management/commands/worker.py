"""`neike worker`: deliver events, run jobs, let the clock tick."""

import signal
from argparse import ArgumentParser
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from neike.kernel.jobs import declaring
from neike.kernel.jobs.worker import Worker
from neike.kernel.jobs.zone import zone
from neike.kernel.outbox.receiving import all_receivers

SHORTEST_LEASE = 2.0


class Command(BaseCommand):
    """Run one worker in the foreground until SIGTERM or Ctrl-C."""

    # The pages' checks are the server's; a worker starts fast, so that a killed one is soon replaced.
    requires_system_checks = ()
    help = "Deliver events, run background jobs and the clock. Start as many as you like."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the length of the lease."""
        parser.add_argument(
            "--lease",
            type=float,
            default=20.0,
            help="seconds after which a silent worker's job is taken over (default 20)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start the worker and stop it gracefully."""
        if options["lease"] < SHORTEST_LEASE:
            raise CommandError(f"--lease must be at least {SHORTEST_LEASE:g} seconds")
        worker = Worker(zone=zone, lease=timedelta(seconds=options["lease"]))

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stdout.write("Stopping after the job in hand.")
            worker.stop.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write(
            f"Worker {worker.name}: {len(declaring.all_jobs())} jobs, "
            f"{len(declaring.schedules())} by the clock, {len(all_receivers())} receivers. Ctrl-C stops it."
        )
        worker.run()
        self.stdout.write(f"Worker {worker.name} stopped after {worker.done} jobs.")
