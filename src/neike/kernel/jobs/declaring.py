"""What can be run: filled at start-up by the modules' `jobs.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from croniter import croniter


@dataclass(frozen=True, slots=True)
class Job:
    """A function that workers run, under a name that stays for ever; see `job` for its options."""

    name: str
    function: Callable[..., None]
    own_transactions: bool = False
    max_attempts: int = 8
    time_limit: timedelta = timedelta(seconds=60)
    at_once: int = 0
    priority: int = 0

    def __call__(self, **arguments: Any) -> None:
        """Run the function here and now, as plain Python."""
        self.function(**arguments)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job runs by itself: a cron expression read in the organisation's zone."""

    job: Job
    cron: str
    catch_up: bool


_jobs: dict[str, Job] = {}
_schedules: dict[str, Schedule] = {}


def job(
    name: str,
    *,
    own_transactions: bool = False,
    max_attempts: int = 8,
    time_limit: timedelta = timedelta(seconds=60),
    at_once: int = 0,
    priority: int = 0,
) -> Callable[[Callable[..., None]], Job]:
    """Declare `function(*, now, **ids)` as a job.

    By default it runs inside one transaction together with its completion, so what it does in the database
    happens exactly once. A job that is long or talks to the network sets `own_transactions`: it is called
    with `run` too, writes inside `with run.effect():` (refused once the lease is lost), and may run again
    after a crash, so each effect must be idempotent.

    `at_once` limits how many of this job run at the same time over all workers (roughly; 0: no limit);
    `priority` from -100 to 100, higher first. After `max_attempts` failures it is kept as dead.

    Raises:
        ValueError: the name is taken.
    """

    def declare(function: Callable[..., None]) -> Job:
        if name in _jobs:
            raise ValueError(f"the job {name} is declared twice")
        _jobs[name] = Job(
            name=name,
            function=function,
            own_transactions=own_transactions,
            max_attempts=max_attempts,
            time_limit=time_limit,
            at_once=at_once,
            priority=priority,
        )
        return _jobs[name]

    return declare


def every(cron: str, *, catch_up: bool = False) -> Callable[[Job], Job]:
    """Run a job by the clock: `@every("*/5 * * * *")` above `@job(...)`, in the organisation's zone.

    One run covers all the moments missed while no worker ran; with `catch_up` each missed moment is run,
    and the job takes `due_at`, the moment as an ISO text in UTC.

    Raises:
        ValueError: the expression is not a five-field cron expression.
    """
    if len(cron.split()) != 5 or not croniter.is_valid(cron):  # noqa: PLR2004 - minute to weekday
        raise ValueError(f"not a cron expression: {cron!r}")

    def schedule(entry: Job) -> Job:
        _schedules[entry.name] = Schedule(job=entry, cron=cron, catch_up=catch_up)
        return entry

    return schedule


def find(name: str) -> Job | None:
    """Return the job of this name, or None when the code no longer has it."""
    return _jobs.get(name)


def all_jobs() -> list[Job]:
    """Return every job, sorted by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def schedules() -> list[Schedule]:
    """Return what runs by the clock, sorted by name."""
    return [_schedules[name] for name in sorted(_schedules)]
