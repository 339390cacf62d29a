"""What people write, read from the files in `texts/`: per service, and whatever the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

CHINESE: Final = "zh"
ENGLISH: Final = "en"
_OTHERS: Final = "others"
_COMMON: Final = "common"


@dataclass(frozen=True, slots=True)
class Title:
    """A title with blanks, and the form answers it implies (raw, by field key)."""

    text: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said about one service in one language; all texts may have blanks."""

    titles: tuple[Title, ...]
    facts: tuple[str, ...]
    ask: tuple[str, ...]
    answer: tuple[str, ...]
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A service people ask for. `key` is that of the catalogue, or None for "Something else".

    `yearly` is how many requests a year brings; 0: all of them are told by hand.
    """

    key: str | None
    department: str
    yearly: int
    words: Mapping[str, Wording]

    @property
    def name(self) -> str:
        """How the parts of the demo call it: by its key, or its department's for "Something else"."""
        return self.key or self.department


def _title(line: str) -> Title:
    text, _bar, answers = line.partition(" | ")
    pairs = (pair.split("=", 1) for pair in answers.split(", ") if pair)
    return Title(text.strip(), {key.strip(): value.strip() for key, value in pairs})


def _wording(found: dict[str, Any], language: str) -> Wording:
    return Wording(
        titles=tuple(_title(line) for line in found[language]),
        facts=tuple(found["facts"][language]),
        ask=tuple(found["ask"][language]),
        answer=tuple(found["answer"][language]),
        done=tuple(found["done"][language]),
    )


def _read(name: str) -> dict[str, Any]:
    file = files("neike.desk.demo").joinpath("texts", f"{name}.yaml")
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


@cache
def offers() -> Mapping[str, Offer]:
    """Return every service people ask for, by name, in a fixed order."""
    found: dict[str, Offer] = {}
    for name in ("it", "hr", "finance", "admin", "legal", "procurement", _OTHERS):
        for key, entry in _read(name).items():
            catch_all = name in {_OTHERS, key}
            found[key] = Offer(
                key=None if catch_all else key,
                department=key if catch_all else name,
                yearly=entry["yearly"],
                words={each: _wording(entry, each) for each in (CHINESE, ENGLISH)},
            )
    return found


@cache
def common() -> Mapping[str, Any]:
    """Return what is said whatever the service: `common()["opening"]["zh"]` is a list."""
    return _read(_COMMON)
