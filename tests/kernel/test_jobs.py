"""Jobs run once, are taken over when their worker dies, and tick once by the clock."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from neike.kernel import installation
from neike.kernel.installation.models import Installation
from neike.kernel.jobs import (
    LeaseLostError,
    claims,
    cron,
    declaring,
    enqueue,
    queries,
    resend,
    running,
)
from neike.kernel.jobs.models import CronTick, WorkerBeat
from neike.kernel.jobs.storage import Status, StoredJob
from neike.kernel.outbox.models import OutboxEvent
from tests.make.background import run_jobs
from tests.make.org import NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch):
    monkeypatch.setattr(declaring, "_jobs", {})
    monkeypatch.setattr(declaring, "_schedules", {})


@pytest.fixture
def noted(db):
    """A job `test.note` and what it was given."""
    given: list[int] = []

    @declaring.job("test.note")
    def note(*, now: datetime, number: int) -> None:
        given.append(number)

    return note, given


def _claimed(worker: str, now: datetime = NOW) -> claims.Claim:
    claim = claims.claim_next(worker, now)
    assert claim is not None
    return claim


def _run_next(worker: str = "w", now: datetime = NOW) -> bool:
    return running.run(_claimed(worker, now), clock=lambda: now)


def _beat(worker: str, at: datetime = NOW) -> None:
    WorkerBeat.objects.create(worker=worker, started_at=at, beat_at=at)


def test_a_job_runs_once_with_its_ids(noted):
    note, given = noted
    enqueue(note, now=NOW, number=3)

    assert _run_next()
    assert claims.claim_next("w", NOW) is None
    assert given == [3]


def test_a_job_looks_the_settings_up_once_and_the_next_job_again(db):
    seen = []

    @declaring.job("test.looks")
    def looks(*, now: datetime) -> None:
        with CaptureQueriesContext(connection) as asked:
            seen.append([installation.current().support_contact for _ in range(3)])
        seen.append(len(asked))
        Installation.objects.update_or_create(pk=1, defaults={"support_contact": "new"})

    for _ in range(2):
        enqueue(looks, now=NOW)
        assert _run_next()

    assert seen == [[""] * 3, 1, ["new"] * 3, 1]


def test_a_job_waits_for_its_time(noted):
    note, _given = noted
    enqueue(note, now=NOW, run_after=NOW + timedelta(hours=1), number=1)

    assert run_jobs(NOW) == 0
    assert run_jobs(NOW + timedelta(hours=1)) == 1


def test_the_same_key_queues_once_even_after_the_job_is_done(noted):
    note, given = noted
    first = enqueue(note, now=NOW, key="k", number=1)
    second = enqueue(note, now=NOW, key="k", number=2)
    run_jobs()
    enqueue(note, now=NOW, key="k", number=3)

    assert first == second
    assert run_jobs() == 0
    assert given == [1]


def test_higher_priority_goes_first(db):
    order: list[str] = []
    low = declaring.job("test.low", priority=-5)(lambda *, now: order.append("low"))
    high = declaring.job("test.high", priority=5)(lambda *, now: order.append("high"))
    enqueue(low, now=NOW)
    enqueue(high, now=NOW)

    run_jobs()

    assert order == ["high", "low"]


def test_a_failing_job_is_tried_again_later_then_kept_as_dead_and_can_be_sent_again(db):
    calls: list[datetime] = []

    @declaring.job("test.fails", max_attempts=3)
    def fails(*, now: datetime) -> None:
        calls.append(now)
        OutboxEvent.objects.create(name="test.trace.v1", at=now)
        raise RuntimeError("no luck")

    job_id = enqueue(fails, now=NOW)
    assert not _run_next(now=NOW)
    assert claims.claim_next("w", NOW) is None
    for hours in (1, 2):
        assert not _run_next(now=NOW + timedelta(hours=hours))
    assert claims.claim_next("w", NOW + timedelta(days=9)) is None

    dead = queries.dead_jobs().get()
    assert (dead.id, len(calls)) == (job_id, 3)
    assert "no luck" in dead.traceback
    assert not OutboxEvent.objects.exists()

    assert resend(job_id=job_id, now=NOW)
    assert not resend(job_id=job_id, now=NOW)
    assert claims.claim_next("w", NOW) is not None


def test_a_job_the_code_no_longer_has_is_kept_as_dead(noted):
    note, _ = noted
    enqueue(note, now=NOW, number=1)
    declaring._jobs.clear()

    _run_next()

    assert "UnknownJobError" in queries.dead_jobs().get().exception_class_path


def test_a_job_of_a_living_worker_is_left_alone_and_of_a_silent_one_taken_over(noted):
    note, _ = noted
    enqueue(note, now=NOW, number=1)
    _beat("dead")
    assert claims.claim_next("dead", NOW)

    assert claims.claim_next("heir", NOW + timedelta(seconds=10)) is None
    taken = claims.claim_next("heir", NOW + claims.LEASE)

    assert taken is not None
    assert taken.attempt == 2


def test_a_worker_that_lost_its_lease_writes_nothing(noted):
    note, given = noted
    enqueue(note, now=NOW, number=1)
    _beat("frozen")
    stale = _claimed("frozen")
    fresh = _claimed("heir", NOW + claims.LEASE)

    assert not running.run(stale, clock=lambda: NOW)
    assert given == []
    assert running.run(fresh, clock=lambda: NOW)
    assert not running.run(fresh, clock=lambda: NOW)
    assert given == [1]


def test_a_stale_workers_failure_does_not_disturb_the_new_one(noted):
    note, _ = noted
    enqueue(note, now=NOW, number=1)
    _beat("frozen")
    stale = _claimed("frozen")
    fresh = _claimed("heir", NOW + claims.LEASE)

    with pytest.raises(LeaseLostError):
        claims.give_back(stale, RuntimeError(), now=NOW)

    assert StoredJob.objects.get().worker_ids[-1] == fresh.token


def test_a_worker_takes_up_again_a_job_it_lost_track_of(noted):
    note, _ = noted
    enqueue(note, now=NOW, number=1)
    _beat("w")
    claims.claim_next("w", NOW)

    again = _claimed("w")

    assert again.attempt == 2


def test_a_job_that_kills_its_worker_every_time_is_kept_as_dead(db):
    entry = declaring.job("test.killer", max_attempts=2)(lambda *, now: None)
    enqueue(entry, now=NOW)

    assert claims.claim_next("a", NOW)
    assert claims.claim_next("b", NOW)
    assert claims.claim_next("c", NOW) is None
    assert queries.dead_jobs().get().traceback == "the worker died at every attempt"


def test_no_more_than_the_permitted_number_run_at_once(db):
    entry = declaring.job("test.narrow", at_once=2)(lambda *, now: None)
    for worker in "abc":
        _beat(worker)
        enqueue(entry, now=NOW)

    assert claims.claim_next("a", NOW)
    assert claims.claim_next("b", NOW)
    assert claims.claim_next("c", NOW) is None


def test_a_job_with_its_own_transactions_writes_through_its_lease(db):
    @declaring.job("test.own", own_transactions=True)
    def own(*, now: datetime, run: running.Run) -> None:
        with run.effect():
            OutboxEvent.objects.create(name=f"test.attempt{run.attempt}.v1", at=now)

    enqueue(own, now=NOW)
    assert _run_next()

    assert OutboxEvent.objects.get().name == "test.attempt1.v1"
    assert StoredJob.objects.get().status == Status.SUCCESSFUL


def test_a_job_is_stopped_at_its_time_limit(db):
    entry = declaring.job("test.slow", time_limit=timedelta(seconds=0.05))(
        lambda *, now: time.sleep(5)
    )
    enqueue(entry, now=NOW)
    begun = time.monotonic()

    assert not _run_next()

    assert time.monotonic() - begun < 2
    assert "TimeLimitError" in StoredJob.objects.get().exception_class_path


def test_arguments_that_are_not_json_are_refused(noted):
    with pytest.raises(TypeError):
        enqueue(noted[0], now=NOW, number=object())


def test_two_jobs_of_one_name_are_refused():
    declaring.job("test.twice")(lambda *, now: None)
    with pytest.raises(ValueError, match=r"test\.twice"):
        declaring.job("test.twice")(lambda *, now: None)


@pytest.mark.parametrize("expression", ["", "* * * *", "61 * * * *", "* * * * * *", "@daily"])
def test_a_bad_cron_expression_is_refused(expression):
    with pytest.raises(ValueError, match="cron"):
        declaring.every(expression)


def _hourly(*, catch_up: bool = False) -> list[str]:
    seen: list[str] = []

    def hourly(*, now: datetime, due_at: str = "") -> None:
        seen.append(due_at)

    declaring.every("0 * * * *", catch_up=catch_up)(declaring.job("test.hourly")(hourly))
    return seen


def test_the_clock_ticks_once_across_workers(db):
    seen = _hourly()
    start = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)

    assert cron.tick(start, SHANGHAI) == 0
    assert cron.tick(start + timedelta(minutes=29), SHANGHAI) == 0
    assert cron.tick(start + timedelta(minutes=30), SHANGHAI) == 1
    assert cron.tick(start + timedelta(minutes=30), SHANGHAI) == 0
    assert run_jobs(start + timedelta(hours=1)) == 1
    assert len(seen) == 1


def test_missed_moments_are_covered_by_one_run(db):
    _hourly()
    start = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    cron.tick(start, SHANGHAI)

    assert cron.tick(start + timedelta(hours=5), SHANGHAI) == 1
    assert CronTick.objects.latest("due_at").due_at == datetime(2026, 3, 2, 7, tzinfo=UTC)


def test_a_job_that_catches_up_runs_for_each_missed_moment(db):
    seen = _hourly(catch_up=True)
    start = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    cron.tick(start, SHANGHAI)

    assert cron.tick(start + timedelta(hours=3), SHANGHAI) == 3
    run_jobs(start + timedelta(hours=4))
    assert sorted(seen) == [f"2026-03-02T0{hour}:00:00+00:00" for hour in (3, 4, 5)]


def test_cron_is_read_in_the_organisations_zone():
    begin = datetime(2026, 3, 1, tzinfo=UTC)

    found = list(cron.moments("30 2 * * *", begin, begin + timedelta(days=2), SHANGHAI))

    # 02:30 in Shanghai is 18:30 in UTC on the day before.
    assert found == [datetime(2026, 3, day, 18, 30, tzinfo=UTC) for day in (1, 2)]
