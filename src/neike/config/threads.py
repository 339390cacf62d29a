"""Threads that stay, and with them their database connections.

The framework gives every request a thread of its own and ends it afterwards, so that each page would sign in to the
database anew, which costs it more than the page's queries.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from asgiref.sync import ThreadSensitiveContext
from django.db import connections

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

KEPT: Final = 8
"""Threads that stay when nothing is to be done; more are made when more is to be done at once, and end afterwards."""


class KeptThreads:
    """An ASGI application around the framework; each request runs in one of a few threads, the last used one first."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request; two at the same time never share a thread."""
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, "page")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.application(scope, receive, send)
        finally:
            if len(self._idle) < KEPT:
                self._idle.append(thread)
            else:
                thread.submit(connections.close_all)
                thread.shutdown(wait=False)
