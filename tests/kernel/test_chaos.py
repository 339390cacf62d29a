"""Real workers are killed and frozen; every effect is there exactly once, on the database under test."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
JOBS = 300
WORKERS = 4
KILLS = 6
SEED = 20260302
LEASE = 3.0
# Usually half a minute in all; the rest is for a machine that is busy with something else.
PATIENCE = 400.0

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals"),
]


class Worker:
    """A process that the nursery bore."""

    def __init__(self, number: int, log: Path, nursery: "Nursery") -> None:
        self.number, self.log, self._nursery = number, log, nursery
        self.code: int | None = None

    def signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.number, number)

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        if self.code is None:
            self.code = self._nursery.order("end", self.number)
        return self.code

    def wait(self) -> int | None:
        _wait_for(lambda: self.poll() is not None, "a process to end", self.log.read_text)
        return self.code

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.wait()


class Nursery:
    """One process in which the product is loaded; see `tests.kernel.chaos.nursery`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kernel.chaos.nursery"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, *words: object) -> int | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=20)


class Arena:
    """A database of its own, a folder, and real worker processes on them."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self.workers: list[Worker] = []
        self.nursery = Nursery(
            {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.kernel.chaos.settings",
                "NEIKE_DATA": str(folder),
                "NEIKE_DATABASE_URL": address,
                "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
                "PYTHONUNBUFFERED": "1",
            }
        )

    def _start(self, log: Path, command: str, **options: object) -> Worker:
        number = self.nursery.order("start", str(log), command, options)
        assert number is not None
        return Worker(number, log, self.nursery)

    def prepare(self, **options: object) -> None:
        """Make the tables and queue the work."""
        done = self._start(self.folder / "prepare.log", "chaos", **options)
        assert done.wait() == 0, done.log.read_text()

    def start_worker(self) -> Worker:
        log = self.folder / f"worker{len(self.workers)}.log"
        self.workers.append(self._start(log, "worker", lease=LEASE))
        return self.workers[-1]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        if self.address.startswith("sqlite"):
            with contextlib.closing(
                sqlite3.connect(self.folder / "chaos.sqlite3", timeout=20)
            ) as database:
                return database.execute(sql).fetchall()
        with psycopg.connect(self.address) as connection:
            return connection.execute(sql).fetchall()

    def count(self, sql: str) -> int:
        return int(str(self.rows(sql)[0][0]))

    def trouble(self) -> str:
        """Return what the workers complained about and what still waits."""
        logs = "".join(worker.log.read_text()[-1500:] for worker in self.workers)
        waiting = self.rows(
            "SELECT task_path, status, worker_ids, run_after, exception_class_path "
            "FROM django_tasks_database_dbtaskresult WHERE status IN ('READY', 'RUNNING')"
        )
        return f"{waiting[:20]}\n{logs}"

    def stop(self) -> list[int | None]:
        """Stop the living workers gracefully and return their exit codes."""
        alive = [worker for worker in self.workers if worker.poll() is None]
        for worker in alive:
            worker.signal(signal.SIGTERM)
        return [worker.wait() for worker in alive]

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.nursery.close()


@pytest.fixture
def arena() -> Iterator[Arena]:
    with tempfile.TemporaryDirectory(prefix="nkc") as name, _address(Path(name)) as address:
        arena = Arena(Path(name), address)
        try:
            yield arena
        finally:
            arena.close()


@contextlib.contextmanager
def _address(folder: Path) -> Iterator[str]:
    given = os.environ.get("NEIKE_DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder}/chaos.sqlite3"
        return
    name = f"chaos_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _wait_for(condition: Callable[[], object], what: str, trouble: Callable[[], str] = str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"still waiting for {what}: {trouble()}")
        time.sleep(0.1)


WAITING_JOBS = (
    "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status IN ('READY', 'RUNNING')"
)
WAITING_DELIVERIES = "SELECT count(*) FROM outbox_delivery WHERE state = 'waiting'"
EFFECTS = (
    "SELECT kind, count(*), min(count), max(count) FROM chaos_effect GROUP BY kind ORDER BY kind"
)


def test_killing_workers_at_random_leaves_every_effect_exactly_once(arena):
    chance = random.Random(SEED)  # noqa: S311 - chooses victims
    arena.prepare(fill=JOBS)
    alive = [arena.start_worker() for _ in range(WORKERS)]
    _wait_for(lambda: arena.count("SELECT count(*) FROM chaos_effect"), "the first effect")

    for _ in range(KILLS):
        time.sleep(chance.uniform(0.2, 0.8))
        victim = alive.pop(chance.randrange(WORKERS))
        victim.kill()
        assert victim.code == -signal.SIGKILL
        alive.append(arena.start_worker())
    _wait_for(lambda: arena.count(WAITING_JOBS) == 0, "the jobs", arena.trouble)
    _wait_for(lambda: arena.count(WAITING_DELIVERIES) == 0, "the deliveries", arena.trouble)

    assert arena.rows(EFFECTS) == [
        ("heard", JOBS, 1, 1),
        ("heard_too", JOBS, 1, 1),
        ("job", JOBS, 1, 1),
    ]
    assert arena.count("SELECT count(*) FROM outbox_outboxevent") == JOBS
    assert arena.rows("SELECT DISTINCT state FROM outbox_delivery") == [("done",)]
    assert arena.stop() == [0] * WORKERS


def test_a_worker_frozen_past_its_lease_writes_nothing_when_it_wakes(arena):
    arena.prepare(freezes=str(arena.folder))
    frozen = arena.start_worker()
    _wait_for((arena.folder / "started").exists, "the first attempt")
    frozen.signal(signal.SIGSTOP)
    arena.start_worker()
    _wait_for(lambda: arena.count(WAITING_JOBS) == 0, "the second worker")

    (arena.folder / "go").touch()
    frozen.signal(signal.SIGCONT)
    _wait_for(lambda: "taken over" in frozen.log.read_text(), "the frozen worker's refusal")

    assert arena.rows("SELECT count, attempt FROM chaos_effect") == [(1, 2)]
    assert arena.stop() == [0, 0]
