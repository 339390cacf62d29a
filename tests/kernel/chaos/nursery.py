"""Load the product once, then bear a process for every order: starting a worker costs a fork instead of seconds.

Reads one order a line from standard input, as JSON, and answers each with one line:
["start", LOG, COMMAND, OPTIONS] gives the number of the new process, ["end", NUMBER] its exit code, or null while
it runs. The children are ordinary processes of their own: they are killed and frozen like any other.
"""

import json
import os
import random
import sys
import traceback
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connections


def start(log: str, command: str, options: dict[str, Any]) -> int:
    """Bear a process that runs a management command and writes to its own log."""
    # A connection must never be shared with a child: its file locks and its socket would be.
    assert not any(each.connection for each in connections.all(initialized_only=True))
    number = os.fork()
    if number == 0:
        _live(log, command, options)
    return number


def _live(log: str, command: str, options: dict[str, Any]) -> None:
    """Be the child: nothing of the nursery's input and output is kept, nor its luck."""
    for target, source, mode in ((0, os.devnull, "rb"), (1, log, "ab"), (2, log, "ab")):
        with Path(source).open(mode) as file:
            os.dup2(file.fileno(), target)
    random.seed()
    code = 0
    try:
        call_command(command, **options)
    except BaseException:  # noqa: BLE001 - whatever it was, the parent hears of it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def end(number: int) -> int | None:
    """Return the exit code of a child (negative: the signal that killed it), or None while it runs."""
    found, status = os.waitpid(number, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def main() -> None:
    """Answer orders until nobody gives any."""
    django.setup()
    orders = {"start": start, "end": end}
    for line in sys.stdin:
        order, *words = json.loads(line)
        print(json.dumps(orders[order](*words)), flush=True)


if __name__ == "__main__":
    main()
