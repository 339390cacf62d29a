"""Cut bodies that are too long before anything reads them.

The framework spools a whole body to disk before the first middleware runs, and its CSRF check parses an upload
before anybody asks who sends it. So this stands around the ASGI application: it looks at the announced length,
counts what really comes, and answers 413 itself.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_from_request

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

# After a refusal, read on for a moment so that the client gets to see the answer instead of a reset.
_DRAIN_BYTES = 512 * 1024
_DRAIN_SECONDS = 1.0


class UploadGuard:
    """An ASGI application around another one; see the module."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        body = _Body(scope, receive, send)
        if await body.announced_too_long():
            await body.refuse()
            return
        await self.application(scope, body.receive, body.send)
        if body.cut:
            await body.refuse()


class _Body:
    """The body of one request, counted while it comes."""

    def __init__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._request = _request_of(scope)
        self._limit = settings.ANONYMOUS_BODY_LIMIT
        self._asked = False
        self._count = 0
        self._answered = False
        self.cut = False

    async def announced_too_long(self) -> bool:
        """Tell whether the announced length is over the limit of this visitor."""
        length = self._request.META.get("CONTENT_LENGTH", "")
        # Digits only: anything else is counted as it comes.
        return length.isascii() and length.isdecimal() and await self._is_over(int(length[:20]))

    async def _is_over(self, length: int) -> bool:
        if length > self._limit and not self._asked and length <= settings.UPLOAD_REQUEST_LIMIT:
            self._asked = True
            if await sync_to_async(_is_signed_in)(self._request):
                self._limit = settings.UPLOAD_REQUEST_LIMIT
        return length > self._limit

    async def receive(self) -> Message:
        """Hand on the next piece; past the limit the application is told that the client has gone."""
        if self.cut:
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] == "http.request":
            self._count += len(message.get("body", b""))
            if await self._is_over(self._count):
                self.cut = True
                return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        """Hand on the application's answer, and remember that there was one."""
        self._answered = True
        await self._send(message)

    async def refuse(self) -> None:
        """Answer 413 and close the connection."""
        if self._answered:
            return
        content_type, content = await sync_to_async(_refusal)(self._request)
        headers = [
            (b"content-type", content_type.encode()),
            (b"content-length", str(len(content)).encode()),
            (b"connection", b"close"),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        ]
        await self._send({"type": "http.response.start", "status": 413, "headers": headers})
        await self._send({"type": "http.response.body", "body": content, "more_body": True})
        await self._drain()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _drain(self) -> None:
        """Throw away a little of what still comes."""
        if self._request.headers.get("Expect", "").lower() == "100-continue" and not self._count:
            return
        left = _DRAIN_BYTES
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while left > 0:
                    message = await self._receive()
                    if message["type"] != "http.request" or not message.get("more_body"):
                        return
                    left -= len(message.get("body", b""))
        except TimeoutError:
            return


def _request_of(scope: MutableMapping[str, Any]) -> HttpRequest:
    """Return a request that knows the path, the headers and the cookies, and nothing else."""
    request = HttpRequest()
    request.path = request.path_info = scope.get("path", "")
    for name, value in scope.get("headers", ()):
        key = name.decode("latin-1").upper().replace("-", "_")
        prefix = "" if key in {"CONTENT_LENGTH", "CONTENT_TYPE"} else "HTTP_"
        request.META[prefix + key] = value.decode("latin-1")
    request.COOKIES = parse_cookie(request.META.get("HTTP_COOKIE", ""))
    return request


def _person_id(request: HttpRequest) -> str:
    """Return the key of the signed-in person, or "". One query, and only for a plausible cookie."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return ""
    close_old_connections()
    return str(SessionStore(key).get(SESSION_KEY, ""))


def _is_signed_in(request: HttpRequest) -> bool:
    return bool(_person_id(request))


def _refusal(request: HttpRequest) -> tuple[str, bytes]:
    """Return content type and content of the answer, in the reader's language."""
    person_id = _person_id(request)
    limit = settings.UPLOAD_LIMIT if person_id else settings.ANONYMOUS_BODY_LIMIT
    people = get_user_model().objects.filter(pk=person_id or 0).values_list("language", flat=True)
    language = people.first() or get_language_from_request(request)
    if request.path.startswith("/api/"):
        return "application/json", json.dumps({"code": "too_large", "limit_bytes": limit}).encode()
    with translation.override(language):
        context = {"limit": limit, "signed_in": bool(person_id), "language": language}
        return "text/html; charset=utf-8", render_to_string(
            "limits/too_large.html", context
        ).encode()
