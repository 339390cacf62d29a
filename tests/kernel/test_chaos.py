"""Real workers are killed and frozen; every effect is there exactly once, on the database under test."""

import contextlib
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
LEASE = "3"
# Usually half a minute in all; the rest is for a machine that is busy with something else.
PATIENCE = 100.0

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals"),
]


class Arena:
    """A database of its own, a folder, and real worker processes on them."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self.workers: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.kernel.chaos.settings",
            "NEIKE_DATA": str(folder),
            "NEIKE_DATABASE_URL": address,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "PYTHONUNBUFFERED": "1",
        }

    def control(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "tests.kernel.chaos.control", *words],
            cwd=ROOT,
            env=self.environment,
            check=True,
        )

    def start_worker(self) -> subprocess.Popen[bytes]:
        with (self.folder / f"worker{len(self.workers)}.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "django", "worker", "--lease", LEASE],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.workers.append(worker)
        return worker

    def log_of(self, worker: subprocess.Popen[bytes]) -> str:
        return (self.folder / f"worker{self.workers.index(worker)}.log").read_text()

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
        logs = "".join(self.log_of(worker)[-1500:] for worker in self.workers)
        waiting = self.rows(
            "SELECT task_path, status, worker_ids, run_after, exception_class_path "
            "FROM django_tasks_database_dbtaskresult WHERE status IN ('READY', 'RUNNING')"
        )
        return f"{waiting[:20]}\n{logs}"

    def stop(self) -> list[int]:
        """Stop the living workers gracefully and return their exit codes."""
        alive = [worker for worker in self.workers if worker.poll() is None]
        for worker in alive:
            worker.terminate()
        return [worker.wait(timeout=20) for worker in alive]


@pytest.fixture
def arena() -> Iterator[Arena]:
    with tempfile.TemporaryDirectory(prefix="nkc") as name, _address(Path(name)) as address:
        arena = Arena(Path(name), address)
        try:
            yield arena
        finally:
            for worker in arena.workers:
                worker.kill()
                worker.wait()


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
    arena.control("fill", str(JOBS))
    alive = [arena.start_worker() for _ in range(WORKERS)]
    _wait_for(lambda: arena.count("SELECT count(*) FROM chaos_effect"), "the first effect")

    for _ in range(KILLS):
        time.sleep(chance.uniform(0.2, 0.8))
        victim = alive.pop(chance.randrange(WORKERS))
        victim.kill()
        victim.wait()
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
    arena.control("freeze", str(arena.folder))
    frozen = arena.start_worker()
    _wait_for((arena.folder / "started").exists, "the first attempt")
    frozen.send_signal(signal.SIGSTOP)
    arena.start_worker()
    _wait_for(lambda: arena.count(WAITING_JOBS) == 0, "the second worker")

    (arena.folder / "go").touch()
    frozen.send_signal(signal.SIGCONT)
    _wait_for(lambda: "taken over" in arena.log_of(frozen), "the frozen worker's refusal")

    assert arena.rows("SELECT count, attempt FROM chaos_effect") == [(1, 2)]
    assert arena.stop() == [0, 0]
