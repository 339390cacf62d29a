"""python -m tests.kernel.chaos.control fill N | freeze FOLDER"""

import sys

import django
from django.core.management import call_command
from django.utils import timezone


def main(verb: str, argument: str) -> None:
    """Make the tables and queue the work."""
    django.setup()
    from neike.kernel.jobs import enqueue  # noqa: PLC0415 - after the set-up
    from tests.kernel.chaos import jobs  # noqa: PLC0415 - after the set-up

    call_command("migrate", run_syncdb=True, verbosity=0)
    now = timezone.now()
    if verb == "freeze":
        enqueue(jobs.freezes, now=now, folder=argument)
        return
    for number in range(int(argument)):
        enqueue((jobs.simple, jobs.own)[number % 2], now=now, number=number)


if __name__ == "__main__":
    main(*sys.argv[1:])
