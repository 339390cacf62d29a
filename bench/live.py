"""Live updates: what a process spends while browsers listen, and how long a change takes to reach them.

A real server process on a database of its own (SQLite, or the one NEIKE_DATABASE_URL names), its CPU as the operating
system counts it; the listeners are sockets of this process. A delay runs from the commit to the listener's having read
the event, so it ends where the browser would begin to fetch.
"""

import asyncio
import os
import statistics
import time
from pathlib import Path

from tests.live.house import House, Server, built

REST = 15.0
CHANGES = 15  # a connection lives for a minute, and these do not come back


def cpu(server: Server) -> float:
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(server: Server) -> float:
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Line:
    """One listening browser."""

    async def open(self, server: Server, session: str, topic: str) -> "Line":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = f"GET /live/?t={topic} HTTP/1.1\r\nHost: localhost\r\nCookie: neike_session={session}\r\n\r\n"
        self.writer.write(head.encode())
        await self.reader.readuntil(b"\r\n\r\n")
        self.heard: list[float] = []
        self.task = asyncio.create_task(self._listen(topic.encode()))
        return self

    async def _listen(self, topic: bytes) -> None:
        while line := await self.reader.readline():
            if topic in line:
                self.heard.append(time.monotonic())

    def close(self) -> None:
        self.task.cancel()
        self.writer.close()


async def measure(house: House, server: Server, sessions: list[str]) -> None:
    topic = f"queue:{house.about['queue']}"
    begun = cpu(server)
    lines = [await Line().open(server, session, topic) for session in sessions]
    opening = (cpu(server) - begun) / max(len(lines), 1) * 1000
    await asyncio.sleep(4)
    begun, at = cpu(server), time.monotonic()
    await asyncio.sleep(REST)
    idle = (cpu(server) - begun) / (time.monotonic() - at) * 100
    delays = []
    for _ in range(CHANGES if lines else 0):
        before = [len(line.heard) for line in lines]
        await asyncio.to_thread(house.order, "changed", topic)
        told = time.monotonic()
        await asyncio.sleep(1.3 + time.monotonic() % 0.5)
        delays += [
            line.heard[count] - told
            for line, count in zip(lines, before, strict=True)
            if len(line.heard) > count
        ]
    expected = CHANGES * len(lines)
    print(
        f"  {len(lines):>3} listeners: opening {opening:.1f} ms CPU each, at rest {idle:.2f} % of a core, {memory(server):.0f} MB"
    )
    if delays:
        cut = statistics.quantiles(delays, n=20)
        print(
            f"      {len(delays)} of {expected} told in time; delay ms: median {cut[9] * 1000:.0f}, "
            f"p95 {cut[18] * 1000:.0f}, most {max(delays) * 1000:.0f}"
        )
    for line in lines:
        line.close()
    await asyncio.sleep(2)


def main() -> None:
    with built() as house:
        server = house.open()
        sessions = house.order("crowd", 200)
        asyncio.run(
            Line().open(server, sessions[0], "me")
        )  # the first page loads what later ones have
        for count in (0, 1, 200):
            asyncio.run(measure(house, server, sessions[:count]))


if __name__ == "__main__":
    main()
