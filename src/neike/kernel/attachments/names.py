"""File names: what a sender wrote, made harmless, and said again in a header."""

import re
import unicodedata
from urllib.parse import quote

_LONGEST = 180
# Control, format (bidi marks, zero width), surrogate, private use, unassigned; line and paragraph separators.
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_RESERVED = re.compile(r'[<>:"|?*]')
_BLANKS = re.compile(r"\s+")


def clean_name(name: str) -> str:
    """Return the last part of a path without control, bidi and reserved characters; "file" when nothing is left.

    At most 180 characters; the extension is kept when the name is cut.
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in last if unicodedata.category(char) not in _UNWANTED)
    kept = unicodedata.normalize("NFC", _BLANKS.sub(" ", _RESERVED.sub("_", kept))).strip(" .")
    return _cut(kept) or "file"


def _cut(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:  # noqa: PLR2004 - longer is no extension
        return name[:_LONGEST].strip(" .")
    return f"{stem[: _LONGEST - len(extension) - 1].rstrip(' .')}.{extension}"


def content_disposition(name: str) -> str:
    """Return `attachment` with the name in both forms of RFC 6266: plain ASCII, and UTF-8 (RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%;\x00-\x1f\x7f]', "_", plain).strip(" .") or "file"
    if plain.startswith((".", "_.")) or "." not in plain:
        extension = name.rpartition(".")[2]
        plain = f"file.{extension}" if extension.isascii() and extension.isalnum() else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
