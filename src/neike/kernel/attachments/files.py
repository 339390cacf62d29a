"""Bytes on their way into the storage: counted, hashed, and written under a random name."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.core.files.storage import default_storage

# The framework's file is generic in its stubs only.
if TYPE_CHECKING:
    Upload = File[Any]
else:
    Upload = File

_PIECE = 64 * 1024


class TooManyBytesError(Exception):
    """The content is longer than allowed."""


class _Counted(Upload):
    """Hands out pieces of another file, counting and hashing them.

    It has no path of its own on purpose: the storage must copy pieces, not move a temporary file.
    """

    def __init__(self, source: Upload, limit: int) -> None:
        super().__init__(None, name="")
        self.source, self.limit = source, limit
        self.count, self.digest = 0, hashlib.sha256()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the content.

        Raises:
            TooManyBytesError: at the first byte past the limit.
        """
        for piece in self.source.chunks(chunk_size or _PIECE):
            self.count += len(piece)
            if self.count > self.limit:
                raise TooManyBytesError
            self.digest.update(piece)
            yield piece


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the bytes are and what they were."""

    key: str
    size: int
    sha256: str


def random_key() -> str:
    """Return a name nobody can guess, without an extension, spread over folders."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


def store(source: Upload, *, limit: int) -> Stored:
    """Stream a file into the storage.

    Raises:
        TooManyBytesError: it is longer than `limit`; nothing is left behind.
    """
    counted = _Counted(source, limit)
    key = random_key()
    try:
        key = default_storage.save(key, counted)
    except BaseException:
        default_storage.delete(key)
        raise
    return Stored(key, counted.count, counted.digest.hexdigest())


def store_bytes(content: bytes) -> str:
    """Store a small content and return its key."""
    return default_storage.save(random_key(), File(BytesIO(content), name=""))


def hash_of(key: str) -> tuple[int, str] | None:
    """Return (size, SHA-256) of stored bytes, or None when they are gone."""
    digest, size = hashlib.sha256(), 0
    try:
        with default_storage.open(key) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except OSError:
        return None
    return size, digest.hexdigest()
