"""Make the tables and queue the work: `fill` so many jobs, or one that `freezes` in a folder."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from neike.kernel.jobs import enqueue
from tests.kernel.chaos import jobs


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--fill", type=int, default=0)
        parser.add_argument("--freezes", default="")

    def handle(self, **options):
        call_command("migrate", run_syncdb=True, verbosity=0)
        now = timezone.now()
        if options["freezes"]:
            enqueue(jobs.freezes, now=now, folder=options["freezes"])
        for number in range(options["fill"]):
            enqueue((jobs.simple, jobs.own)[number % 2], now=now, number=number)
