"""Bodies that are too long are cut before anything reads them: a real server process, real sockets."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MB = 1024 * 1024
BOUNDARY = "nk"
PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import datetime, UTC
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from neike.org.models import Person
person = Person.objects.create(employee_no="E1", name="One", language="zh-hans", created_at=datetime.now(UTC))
for known in (person, None):
    session = SessionStore()
    if known:
        session[SESSION_KEY] = str(known.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = known.get_session_auth_hash()
    else:
        session["visited"] = True
    session.create()
    print(session.session_key)
"""
TAKE = """
import django; django.setup()
from datetime import UTC, datetime
from neike.kernel.limits import Rate, take
now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
print(sum(bool(take(scope="s", who="p", rate=Rate(25, 3600), now=now)) for _ in range(20)))
"""


@dataclass(frozen=True)
class Server:
    """A running installation of its own."""

    port: int
    process: int
    data: Path
    session: str
    visitor_session: str

    @property
    def environment(self) -> dict[str, str]:
        return _environment(self.data)

    def bytes_read(self) -> int:
        """What the server's process has read so far, from sockets and files alike."""
        lines = Path(f"/proc/{self.process}/io").read_text().splitlines()
        return int(dict(line.split(": ") for line in lines)["rchar"])


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEIKE_")}
    return {
        **kept,
        "NEIKE_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "neike.config.settings",
        "TMPDIR": str(data / "tmp"),
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("installation")
    (data / "tmp").mkdir()
    (data / "static").mkdir()
    environment = _environment(data)
    made = subprocess.run(
        [sys.executable, "-c", PREPARE],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "neike.config.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        try:
            _wait_for(port, process)
            session, visitor = made.stdout.split()
            yield Server(port, process.pid, data, session, visitor)
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


@dataclass(frozen=True)
class Outcome:
    """What became of an upload: the answer, and how many bytes got rid of before it was over."""

    status: int
    text: str
    sent: int


def _upload(
    server: Server,
    size: int,
    *,
    cookies: str = "",
    path: str = "/files/",
    chunked: bool = False,
    **headers: str,
) -> Outcome:
    """Send `size` bytes as a multipart upload, as fast as the server takes them, and read the answer."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Cookie: neike_csrf={'a' * 32}; {cookies}",
        f"X-CSRFToken: {'a' * 32}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        "Transfer-Encoding: chunked"
        if chunked
        else f"Content-Length: {len(head) + size + len(tail)}",
    ]
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        sent = _send_body(connection, head, size, tail, chunked=chunked)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return Outcome(response.status, response.read().decode(), sent)


def _send_body(
    connection: socket.socket, head: bytes, size: int, tail: bytes, *, chunked: bool
) -> int:
    """Send until the server hangs up; returns how much went out."""
    sent, piece = 0, b"x" * 65536
    pieces = [head, *([piece] * (size // len(piece))), b"x" * (size % len(piece)), tail]
    try:
        for part in filter(None, pieces):
            connection.sendall(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
            sent += len(part)
        if chunked:
            connection.sendall(b"0\r\n\r\n")
    except OSError:
        pass
    return sent


def _spooled(server: Server) -> list[Path]:
    """Return what is left of bodies, given the moment the server needs after its answer to remove them."""
    for _attempt in range(50):
        left = list((server.data / "tmp").iterdir())
        if not left:
            break
        time.sleep(0.1)
    return left


@pytest.mark.parametrize("chunked", [False, True])
def test_200_megabytes_of_an_anonymous_visitor_are_cut_below_two(server, chunked):
    before = server.bytes_read()

    outcome = _upload(server, 200 * MB, chunked=chunked, Accept_Language="en")

    assert outcome.status == 413
    assert server.bytes_read() - before < 2 * MB
    assert "Sign in first" in outcome.text
    assert _spooled(server) == []


@pytest.mark.parametrize("path", ["/account/login/", "/", "/files/", "/absent/"])
def test_the_sign_in_page_and_every_other_takes_little_from_a_visitor(server, path):
    assert _upload(server, MB, path=path).status == 413
    assert _upload(server, 30_000, path=path).status != 413


@pytest.mark.parametrize("cookie", ["invented" * 4, "", "x" * 4000, "'; DROP TABLE x", "\u00e4"])
def test_an_invented_session_gives_no_larger_limit(server, cookie):
    assert _upload(server, MB, cookies=f"neike_session={cookie}").status == 413


def test_a_session_without_a_person_gives_no_larger_limit(server):
    assert _upload(server, MB, cookies=f"neike_session={server.visitor_session}").status == 413


@pytest.mark.parametrize("chunked", [False, True])
def test_a_signed_in_person_sends_up_to_the_limit_and_no_more(server, chunked):
    cookie, before = f"neike_session={server.session}", server.bytes_read()

    taken = _upload(server, 20 * MB, cookies=cookie, chunked=chunked)
    assert server.bytes_read() - before > 20 * MB  # the gauge the other tests rely on works
    refused = _upload(server, 200 * MB, cookies=cookie, chunked=chunked)
    # The framework reads no form from a body of unannounced length; browsers always announce it.
    assert (taken.status, refused.status) == (422 if chunked else 201, 413)
    assert _spooled(server) == []


def test_an_announced_200_megabytes_of_a_signed_in_person_are_not_read_either(server):
    before = server.bytes_read()

    outcome = _upload(server, 200 * MB, cookies=f"neike_session={server.session}")

    assert outcome.status == 413
    assert server.bytes_read() - before < 2 * MB
    assert "25" in outcome.text


def test_the_answer_speaks_the_readers_language(server):
    own = _upload(server, 200 * MB, cookies=f"neike_session={server.session}", Accept_Language="en")
    visitor = _upload(server, MB, Accept_Language="zh-CN")
    chosen = _upload(server, MB, cookies="neike_language=en", Accept_Language="zh-CN")

    assert ("太大" in own.text, "太大" in visitor.text, "too large" in chosen.text) == (
        True,
        True,
        True,
    )


def test_the_api_answers_with_a_code(server):
    assert '"code": "too_large"' in _upload(server, MB, path="/api/v1/tickets").text


def test_an_unreadable_length_is_refused_by_the_server_or_counted(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999999\r\n\r\n"
        )
        answer = connection.recv(100)

    assert answer.split(b" ")[1] in {b"413", b"400"}


def test_four_processes_at_once_get_exactly_the_limit(server):
    command = [sys.executable, "-c", TAKE]
    running = [
        subprocess.Popen(
            command, env=server.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]

    assert sum(int(process.communicate()[0]) for process in running) == 25
