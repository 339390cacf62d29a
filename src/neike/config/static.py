"""Serve the collected static files in front of the product, without a thread or a middleware per file.

Django would stream a file through its synchronous half; here whitenoise's table of files (names, compressed
twins, headers) is asked directly and the file is sent in pieces by the server's own loop.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

_PIECE: Final = 256 * 1024
_ASKED: Final = {
    b"accept-encoding": "HTTP_ACCEPT_ENCODING",
    b"if-modified-since": "HTTP_IF_MODIFIED_SINCE",
    b"if-none-match": "HTTP_IF_NONE_MATCH",
    b"range": "HTTP_RANGE",
}
_GUARDED: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; sandbox"),
]
# A worker lives under the policy of its own script: this one may ask us, and nothing else.
_WORKER: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; script-src 'self'; connect-src 'self'"),
]
_WORKERS: Final = "neike/dist/live_worker."


class StaticFiles:
    """An ASGI application around another one: answers for the files that were collected when it started.

    A name with the hash of its content may be kept for ever, any other for a minute; a client that takes gzip
    gets the file compressed at collection.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self._files = _collected()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection."""
        found = self._files.get(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self.application(scope, receive, send)
            return
        asked = {
            _ASKED[name]: value.decode("latin-1")
            for name, value in scope["headers"]
            if name in _ASKED
        }
        answer = await asyncio.to_thread(found.get_response, scope["method"], asked)
        headers = [
            (name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers
        ]
        start = {"type": "http.response.start", "status": int(answer.status)}
        guarded = _WORKER if _WORKERS in scope["path"] else _GUARDED
        await send({**start, "headers": headers + guarded})
        await _send_body(answer.file, send)


def _collected() -> dict[str, Any]:
    """Return the files by address; none where nothing was collected, as in a proxy's back room."""
    if not Path(settings.STATIC_ROOT).is_dir():
        return {}
    return dict(WhiteNoiseMiddleware().files)


async def _send_body(file: IO[bytes] | None, send: Send) -> None:
    if file is not None:
        try:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            file.close()
    await send({"type": "http.response.body", "body": b"", "more_body": False})
