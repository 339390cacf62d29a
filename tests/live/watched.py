"""The product's application, which also writes down how many streams it holds open."""

import os
from pathlib import Path
from typing import Any

from neike.config.asgi import application as product

_book = Path(os.environ["LIVE_BOOK"])
_open = 0


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Serve one connection, and count it while it is a stream."""
    global _open
    if scope["type"] != "http" or scope["path"] != "/live/":
        await product(scope, receive, send)
        return
    _open += 1
    _book.write_text(str(_open))
    try:
        await product(scope, receive, send)
    finally:
        _open -= 1
        _book.write_text(str(_open))
