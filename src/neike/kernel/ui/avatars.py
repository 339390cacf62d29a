"""Initials and a steady hue for a person, from nothing but the name."""

import re
import zlib
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_HUES: Final = ("nk-hue-1", "nk-hue-2", "nk-hue-3", "nk-hue-4", "nk-hue-5", "nk-hue-6")


def initials(name: str) -> str:
    """Return one or two characters that stand for a name.

    A Chinese name gives the last two characters of the given name, or the only one it has
    ("陈思远" -> "思远", "王芳" -> "芳"); other names give the first letters of their first and last
    word ("Siyuan Chen" -> "SC"); a name of nothing gives "?".
    """
    han = "".join(_HAN.findall(name))
    if han:
        return han[-2:] if len(han) > 2 else han[-1:]  # noqa: PLR2004 - one family and one given character
    words = re.findall(r"\w+", name)
    letters = [word[0] for word in (words[:1] + words[1:][-1:])]
    return "".join(letters).upper() or "?"


def steady_hue(key: str) -> str:
    """Return the class of a hue that is always the same for the same key, on every machine."""
    return _HUES[zlib.crc32(key.encode()) % len(_HUES)]
