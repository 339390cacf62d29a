"""The product's application, which also writes down how many streams it holds open."""

import os
from itertools import count
from pathlib import Path
from typing import Any

from neike.config.asgi import application as product

_book = Path(os.environ["LIVE_BOOK"])
_numbers = count()
_streams: set[int] = set()


def _write() -> None:
    _book.write_text(str(len(_streams)))


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Serve one connection, and count it while it is a stream."""
    if scope["type"] != "http" or scope["path"] != "/live/":
        await product(scope, receive, send)
        return
    number = next(_numbers)
    _streams.add(number)
    _write()
    try:
        await product(scope, receive, send)
    finally:
        _streams.discard(number)
        _write()
