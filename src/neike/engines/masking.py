"""Take what is about particular people out of a text that others are to read."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER: Final = re.compile(
    r"(?<![\w-])(?!\d{4}-\d\d-\d\d(?!\d))\+?\d(?:[ -]?\d){6,}(?![\w-])"
)
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without what is personal; `removed` are the kinds of things taken out, `flagged` the names still in it."""

    text: str
    removed: tuple[str, ...]
    flagged: tuple[str, ...]


def mask(text: str, *, involved: Collection[str], others: Iterable[str], stand_in: str) -> Masked:
    """Replace the names of `involved` people, addresses and long numbers by `stand_in`; flag `others` that occur.

    Names of one character are left alone; Latin names fit whole words only, in any case.
    """
    removed: list[str] = []
    for kind, pattern in (("address", _ADDRESS), ("number", _LONG_NUMBER)):
        text, count = pattern.subn(stand_in, text)
        removed += [kind] * bool(count)
    for name in sorted({each.strip() for each in involved}, key=len, reverse=True):
        if len(name) > 1:
            text, count = _pattern(name).subn(lambda _found: stand_in, text)
            removed += ["name"] * bool(count)
    flagged = [name for name in dict.fromkeys(others) if len(name) > 1 and name in text]
    sure = [name for name in flagged if _pattern(name).search(text)]
    return Masked(text, tuple(dict.fromkeys(removed)), tuple(sure))


def _pattern(name: str) -> re.Pattern[str]:
    if _CHINESE.search(name):
        return re.compile(re.escape(name))
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
