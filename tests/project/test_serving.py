"""The web server as it is really started: static files, probes, and a silent log."""

import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from neike.config.supervisor import web_command

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """A running web server and what it has written so far."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=names)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response, content


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("installation")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEIKE_")}
    environment = {
        **kept,
        "NEIKE_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "neike.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    for words in (["migrate", "--verbosity=0"], ["collectstatic", "--no-input", "--verbosity=0"]):
        subprocess.run([sys.executable, "-m", "django", *words], env=environment, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            web_command("127.0.0.1", port), env=environment, stdout=out, stderr=out
        )
    try:
        _wait_for(port, process)
        yield Server(port, log)
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


def _style_sheet(server: Server) -> str:
    _response, page = server.get("/account/login/")
    found = re.search(rb'href="(/static/neike/dist/app\.[0-9a-f]+\.css)"', page)
    assert found is not None
    return found[1].decode()


def test_a_static_file_is_kept_for_ever_and_comes_compressed(server):
    path = _style_sheet(server)

    plain, content = server.get(path)
    packed, small = server.get(path, accept_encoding="gzip")
    known, nothing = server.get(path, if_none_match=plain.headers["ETag"])

    assert (plain.status, packed.status, known.status) == (200, 200, 304)
    assert "immutable" in plain.headers["Cache-Control"]
    assert plain.headers["Content-Type"].startswith("text/css")
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small) == content
    assert (len(small) < len(content) / 2, nothing) == (True, b"")


def test_a_static_file_answers_questions_and_nothing_else(server):
    path = _style_sheet(server)

    head, nothing = server.get(path, "HEAD")
    part, piece = server.get(path, range="bytes=0-9")

    assert (head.status, nothing, int(head.headers["Content-Length"]) > 0) == (200, b"", True)
    assert (part.status, len(piece)) == (206, 10)
    assert server.get(path, "POST")[0].status == 405
    assert server.get("/static/neike/none.css")[0].status == 404
    assert server.get("/static/../settings.py")[0].status == 404


def test_the_mark_is_found_and_the_probe_answers_under_any_name(server):
    response, _content = server.get("/favicon.ico")
    mark, drawing = server.get(response.headers["Location"])

    assert (response.status, mark.headers["Content-Type"]) == (302, "image/svg+xml")
    assert drawing.startswith(b"<svg")
    assert server.get("/health/ready", host="10.1.2.3")[0].status == 200


def test_nothing_rewrites_the_address_and_the_log_stays_silent(server):
    server.get(_style_sheet(server))

    assert "--no-proxy-headers" in web_command("127.0.0.1", 1)
    said = server.log.read_text().splitlines()
    assert [line for line in said if "Not Found: " not in line] == []
