"""Keep the web server and the worker running as one group: what dies is restarted, what stops, stops together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

_PR_SET_PDEATHSIG = 1
STEADY_AFTER = 30.0
"""Seconds a process must have run for its next restart to be immediate again."""
LONGEST_PAUSE = 30.0
GRACE = 20.0


@dataclass
class Member:
    """One process of the group and how often it had to be restarted in a row."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)


def _die_with_parent() -> None:
    """Ask Linux to end this process when the supervisor is killed, so that nothing keeps the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def pause_before_restart(failures: int) -> float:
    """Return the seconds to wait before restart number `failures`: 0.5, 1, 2, 4 … at most 30."""
    return float(min(0.5 * 2 ** max(failures - 1, 0), LONGEST_PAUSE))


class Supervisor:
    """Runs members until told to stop."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self.stopping = False

    def run(self) -> int:
        """Start everything, restart what ends, return when stopped by SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self.stopping:
            for member in self.members:
                self._tend(member)
            time.sleep(0.2)
        self._end_all()
        return 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _tend(self, member: Member) -> None:
        moment = time.monotonic()
        if member.process is not None:
            code = member.process.poll()
            if code is None:
                return
            steady = moment - member.started > STEADY_AFTER
            member.failures = 1 if steady else member.failures + 1
            member.not_before = moment + pause_before_restart(member.failures)
            member.process = None
            sys.stderr.write(f"neike: {member.name} ended with code {code}; restarting\n")
        if moment >= member.not_before:
            member.started = moment
            member.process = subprocess.Popen(  # noqa: S603 - our own commands
                member.command,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads run here yet
                env=os.environ,
            )

    def _end_all(self) -> None:
        running = [member.process for member in self.members if member.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()


def web_command(host: str, port: int) -> list[str]:
    """Return the command of the web server."""
    return [
        sys.executable,
        "-m",
        "uvicorn",
        "neike.config.asgi:application",
        "--host",
        host,
        "--port",
        str(port),
        "--timeout-graceful-shutdown",
        "5",
        "--no-server-header",
        "--no-proxy-headers",  # NEIKE_PROXY_HOPS decides what is believed
        "--log-level",
        "warning",
        "--lifespan",
        "off",
    ]


def worker_command() -> list[str]:
    """Return the command of the background worker."""
    return [sys.executable, "-m", "neike.config.cli", "worker"]
