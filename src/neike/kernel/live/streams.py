"""Keep the connections of listening browsers open, outside the framework's request.

The framework answers `live/` like any other page: session, policy, what may be heard. Its request then ends, with its
thread and its database connection, and hands over a `Grant`; the connection to the browser is kept here by the
server's own loop. So an open connection costs a few kilobytes and no thread, and a page never waits for one.
"""

import asyncio
import contextlib
import random
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from types import FrameType
from typing import Any, Final

from neike.kernel.live.grants import Grant, event
from neike.kernel.live.hub import Hub, Listener

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

HANDED: Final = "neike.live"
"""Under this name the scope of a request carries the list into which the view puts its grant."""
PATH: Final = "/live/"
HEARTBEAT: Final = 15.0
"""Seconds of silence after which something is said, so that browsers and proxies know the line is alive."""
LIFE: Final = 60.0
"""Seconds, about, after which a connection ends and the browser opens a new one: every right is asked anew."""
STALLED: Final = 30.0
"""Seconds after which a browser that takes nothing is given up."""


class LiveStreams:
    """An ASGI application around another one; see the module."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.hub = Hub()
        self._listens_for_the_end = False

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.application(scope, receive, send)
            return
        handed: list[Grant] = []
        answer = _Answer(send, handed)
        await self.application({**scope, HANDED: handed}, receive, answer.send)
        if answer.held is None:
            return
        if not self.hub.has_room(handed[0].person_id):
            await _refuse(send)
            return
        self._end_with_the_process()
        await self._keep(handed[0], answer.held, receive, send)

    async def _keep(
        self, grant: Grant, opening: tuple[Message, Message], receive: Receive, send: Send
    ) -> None:
        """Tell a browser what changes until it goes, its session ends, or its time is over."""
        listener = self.hub.join(grant)
        gone = asyncio.create_task(_wait_until_gone(receive))
        gone.add_done_callback(lambda _task: listener.end())
        try:
            for message in opening:
                await send(message)
            with contextlib.suppress(TimeoutError):
                await self._tell(listener, send)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.hub.leave(listener)
            gone.cancel()

    async def _tell(self, listener: Listener, send: Send) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LIFE * random.uniform(0.8, 1.2)  # noqa: S311 - spreads the returning, hides nothing
        while loop.time() < until:
            words = await listener.news(HEARTBEAT)
            if listener.ended:
                return
            async with asyncio.timeout(STALLED):
                body = event(self.hub.cursor, words)
                await send({"type": "http.response.body", "body": body, "more_body": True})

    def _end_with_the_process(self) -> None:
        """Let the connections close as soon as the server is asked to stop, instead of when its patience ends."""
        if self._listens_for_the_end or threading.current_thread() is not threading.main_thread():
            return
        self._listens_for_the_end = True
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, _ending(before, loop, self.hub.end_all))


def _ending(
    before: Callable[[int, FrameType | None], Any],
    loop: asyncio.AbstractEventLoop,
    end: Callable[[], None],
) -> Callable[[int, FrameType | None], None]:
    def handler(number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            loop.call_soon_threadsafe(end)
        before(number, frame)

    return handler


class _Answer:
    """The framework's answer: passed on, or held back when it has handed over a grant."""

    def __init__(self, send: Send, handed: list[Grant]) -> None:
        self._send, self._handed = send, handed
        self._start: Message | None = None
        self.held: tuple[Message, Message] | None = None

    async def send(self, message: Message) -> None:
        """Take one message of the framework."""
        is_start = message["type"] == "http.response.start"
        if not self._handed or (is_start and message["status"] != HTTPStatus.OK):
            self._handed.clear()
            await self._send(message)
        elif is_start:
            kept = [(k, v) for k, v in message["headers"] if k.lower() != b"content-length"]
            self._start = {**message, "headers": kept}
        elif self._start is not None and self.held is None:
            self.held = self._start, {**message, "more_body": True}


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"retry-after", b"60"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": b"too many connections", "more_body": False})
