"""Filling the blanks of a request's texts: the same word everywhere in one request."""

import random
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from neike.desk.demo.slots import SLOTS
from neike.desk.demo.texts import ENGLISH
from neike.org.demo import names
from neike.org.demo.people import Member

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


_BORDER: Final = re.compile(
    r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)


@dataclass
class Blanks(dict[str, str]):
    """The words of one request, drawn when first needed.

    `department` is the requester's department as it is called, `colleagues` who else works there.
    """

    rng: random.Random
    language: str
    day: date
    department: str
    colleagues: list[Member]
    colleague: Member | None = field(default=None, init=False)

    def fill(self, text: str) -> str:
        """Return the text with its blanks filled, and a space between Chinese and Latin letters or digits."""
        return _BORDER.sub(" ", text.format_map(self))

    def choose(self, texts: tuple[str, ...] | list[str]) -> str:
        """Draw one of the texts and fill its blanks."""
        return self.fill(self.rng.choice(texts))

    def somebody(self) -> Member:
        """Return the colleague this request speaks of."""
        if self.colleague is None:
            self.colleague = self.rng.choice(self.colleagues)
        return self.colleague

    def __missing__(self, key: str) -> str:
        self[key] = word = self._drawn(key)
        return word

    def _drawn(self, key: str) -> str:
        english = self.language == ENGLISH
        if key in SLOTS:
            return self.rng.choice(SLOTS[key])[english]
        if key in {"month", "day"}:
            return self._date(key)
        if key in {"colleague", "newcomer"}:
            return self._name(key)
        return self.department if key == "department" else self._number(key)

    def _date(self, key: str) -> str:
        month, day = self.day.month, self.day.day
        if self.language == ENGLISH:
            return _MONTHS[month - 1] if key == "month" else f"{day} {_MONTHS[month - 1]}"
        return f"{month} 月" if key == "month" else f"{month} 月 {day} 日"

    def _name(self, key: str) -> str:
        if key == "newcomer":
            return names.chinese_name(self.rng, set())
        return name_of(self.somebody(), english=self.language == ENGLISH)

    def _number(self, key: str) -> str:
        serial = self.rng.randrange(1000, 9999)
        if key == "order":
            return f"PO{self.day:%y%m}-{serial}"
        if key == "contract":
            return f"HT{self.day:%y%m}-{serial}"
        if key == "expense":
            return f"BX{self.day:%y%m}{serial}"
        if key == "n":
            return str(serial)
        raise KeyError(key)


def name_of(member: Member, *, english: bool) -> str:
    """Return a person's name as it is written among Chinese or English words."""
    person = member.person
    if not english or member.english:
        return person.name
    return person.name_latin.title()
