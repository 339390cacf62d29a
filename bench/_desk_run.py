"""Measures the desk over real HTTP: two server processes as in production, eight clients, the CPU of servers and database."""

import http.client
import os
import random
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from uuid import uuid4

from neike.config.supervisor import web_command

CLIENTS, SERVERS = 8, 2
TICK = os.sysconf("SC_CLK_TCK")
CSRF = "b" * 32
_OK = (200, 302)


@dataclass(frozen=True)
class Ask:
    """One request of a client."""

    path: str
    session: str
    form: dict[str, str] | None = None


@dataclass(frozen=True)
class Operation:
    """What is measured: `make(random, person's session)` gives the next request."""

    name: str
    make: Callable[[random.Random], Ask]


@dataclass
class Figures:
    """Requests per second; CPU milliseconds per request of servers and database; wall milliseconds of one client."""

    rate: float
    app: float
    database: float
    alone: float
    statements: int = 0
    wrong: int = 0

    @property
    def cpu(self) -> float:
        return self.app + self.database


class Cpu:
    """CPU seconds of processes, as the operating system counts them."""

    def __init__(self, pids: Sequence[int], *, with_children: bool) -> None:
        self.pids, self.with_children = pids, with_children

    def __call__(self) -> float:
        found = [_stat(pid) for pid in self.pids]
        total = sum(sum(map(int, each[11 : 15 if self.with_children else 13])) for each in found)
        if self.with_children:
            parents = set(map(str, self.pids))
            for folder in Path("/proc").iterdir():
                if folder.name.isdigit():
                    with suppress(OSError):
                        stat = _stat(int(folder.name))
                        if stat[1] in parents:
                            total += int(stat[11]) + int(stat[12])
        return total / TICK


def _stat(pid: int) -> list[str]:
    """Return what stands behind the name: state, parent, …; 11 to 14 are own and children's times."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


@contextmanager
def servers(folder: Path) -> Iterator[list[tuple[int, int]]]:
    """Start the product's web servers; gives (port, process)."""
    running: list[tuple[int, subprocess.Popen[bytes]]] = []
    try:
        for number in range(SERVERS):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = int(free.getsockname()[1])
            with (folder / f"web{number}.log").open("wb") as log:
                command = web_command("127.0.0.1", port)
                running.append((port, subprocess.Popen(command, stdout=log, stderr=log)))
        for port, process in running:
            _await(port, process)
        yield [(port, process.pid) for port, process in running]
    finally:
        for _port, process in running:
            process.terminate()
        for _port, process in running:
            process.wait(20)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.2)
    raise SystemExit("a web server did not start")


@dataclass
class Client:
    """One browser, on one of the servers."""

    port: int
    chance: random.Random
    walls: list[float] = field(default_factory=list)
    wrong: int = 0
    connection: http.client.HTTPConnection | None = None

    def run(self, operation: Operation, until: float, most: int) -> None:
        while time.monotonic() < until and len(self.walls) < most:
            begun = time.perf_counter()
            self.send(operation.make(self.chance))
            self.walls.append(time.perf_counter() - begun)

    def send(self, ask: Ask) -> None:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        cookies = f"neike_session={ask.session}; neike_csrf={CSRF}; neike_language=zh-hans"
        # Every request from another network: the limits of one are not what is measured.
        network = ".".join(str(self.chance.randrange(1, 255)) for _ in range(4))
        headers = {
            "Cookie": cookies,
            "Accept-Encoding": "identity",
            "X-Forwarded-For": network,
            "X-Forwarded-Proto": "http",
        }
        body = None
        if ask.form is not None:
            headers |= {
                "X-CSRFToken": CSRF,
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self.port}",
            }
            body = urlencode({**ask.form, "client_key": uuid4().hex})
        answer = self._answer("POST" if body else "GET", ask.path, body, headers)
        answer.read()
        if answer.status not in _OK:
            self.wrong += 1

    def _answer(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Ask once more where the server has closed a connection that was idle for long."""
        assert self.connection is not None
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()


def measure(
    operation: Operation,
    running: Sequence[tuple[int, int]],
    database: Callable[[], float],
    *,
    seconds: float,
) -> Figures:
    """Warm up, ask alone for a while, then with all clients at once."""
    ports = [port for port, _pid in running]
    alone = [Client(port, random.Random(f"{operation.name}{port}")) for port in ports]
    for client in alone:
        client.run(operation, time.monotonic() + 20, 4)
        client.walls.clear()
    alone[0].run(operation, time.monotonic() + seconds / 2, 40)
    clients = [
        Client(ports[number % len(ports)], random.Random(f"{operation.name}{number}"))
        for number in range(CLIENTS)
    ]
    app = Cpu([pid for _port, pid in running], with_children=False)
    before, begun = (app(), database()), time.monotonic()
    threads = [
        threading.Thread(target=client.run, args=(operation, begun + seconds, 10_000))
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, after = time.monotonic() - begun, (app(), database())
    count = sum(len(client.walls) for client in clients) or 1
    return Figures(
        rate=count / took,
        app=(after[0] - before[0]) / count * 1000,
        database=(after[1] - before[1]) / count * 1000,
        alone=median(alone[0].walls) * 1000 if alone[0].walls else 0.0,
        wrong=sum(client.wrong for client in [*clients, *alone]),
    )
