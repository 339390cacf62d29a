"""A house: one database, several server processes on it, and a hand that changes what they show."""

import contextlib
import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

from neike.config.supervisor import web_command

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """One web server process."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port, self.log = free_port(), log
        self._book = log.with_suffix(".streams")
        command = [
            word.replace("neike.config.asgi", "tests.live.watched")
            for word in web_command("127.0.0.1", self.port)
        ]
        environment = {**environment, "LIVE_BOOK": str(self._book)}
        with log.open("wb") as out:
            self.process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self.process.poll() is None, log.read_text()
                assert time.monotonic() < until
                time.sleep(0.1)
            else:
                return

    def streams(self) -> int:
        """Return how many streams it holds open."""
        return int(self._book.read_text()) if self._book.exists() else 0

    def stop(self) -> float:
        """Stop it as the supervisor would; return how many seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - begun


class Ear:
    """One open connection: gathers what it is told."""

    def __init__(
        self, server: Server, session: str, *topics: str, since: int | None = None
    ) -> None:
        query = urlencode(
            [*(("t", each) for each in topics), *([("since", since)] if since else [])]
        )
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.connection.request(
            "GET", f"/live/?{query}", headers={"Cookie": f"neike_session={session}"}
        )
        self._socket = self.connection.sock  # the response takes it over
        self.response = self.connection.getresponse()
        self.events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.told: list[str] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            while line := self.response.readline():
                if line.startswith(b"data: "):
                    self.events.put(json.loads(line[6:]))
        self.events.put(None)

    def first(self) -> dict[str, Any]:
        """Return the event with which the connection opens."""
        found = self.events.get(timeout=PATIENCE)
        assert found is not None
        return found

    def hears(self, word: str, patience: float = PATIENCE) -> bool:
        """Wait until it is told this word."""
        until = time.monotonic() + patience
        while word not in self.told:
            try:
                event = self.events.get(timeout=max(until - time.monotonic(), 0.01))
            except queue.Empty:
                return False
            if event is None:
                return False
            self.told += event["changed"]
        return True

    def ends(self, patience: float = PATIENCE) -> bool:
        """Wait until the server closes the connection."""
        until = time.monotonic() + patience
        with contextlib.suppress(queue.Empty):
            while self.events.get(timeout=max(until - time.monotonic(), 0.01)) is not None:
                pass
            return True
        return False

    def close(self) -> None:
        with contextlib.suppress(OSError):
            if self._socket:
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)
        self.response.close()
        self.connection.close()


class House:
    """See the module."""

    def __init__(self, folder: Path, address: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NEIKE_")}
        self.folder = folder
        self.environment = {
            **kept,
            "NEIKE_DATA": str(folder),
            "NEIKE_DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "neike.config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
        self._hand = subprocess.Popen(
            [sys.executable, "-m", "tests.live.hand"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.servers: list[Server] = []
        self.about = self.order("prepare")

    def order(self, name: str, *values: Any) -> Any:
        """Let the hand do something."""
        assert self._hand.stdin is not None
        assert self._hand.stdout is not None
        self._hand.stdin.write(json.dumps([name, values]) + "\n")
        self._hand.stdin.flush()
        return json.loads(self._hand.stdout.readline())

    def open(self) -> Server:
        """Start one more server process."""
        server = Server(self.environment, self.folder / f"server{len(self.servers)}.log")
        self.servers.append(server)
        return server

    def close(self) -> None:
        for server in self.servers:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait(20)
        self._hand.communicate(timeout=20)


@contextlib.contextmanager
def built() -> Iterator[House]:
    """Build a house on the kind of database under test."""
    with tempfile.TemporaryDirectory(prefix="nkl") as name, _address(Path(name)) as address:
        house = House(Path(name), address)
        try:
            yield house
        finally:
            house.close()


@contextlib.contextmanager
def _address(folder: Path) -> Iterator[str]:
    given = os.environ.get("NEIKE_DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder}/live.sqlite3"
        return
    name = f"live_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
