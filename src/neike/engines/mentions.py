"""Mentions in what people write: found as typed, stored as references, never as names.

Typed is `@E1024` (an employee number) or `@Anna Li(E1024)`, as the list of people puts it in; stored is `@{reference}`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

MOST: Final = 50
"""More mentions than this in one text are left as they are."""

# What stands in front must not make an e-mail address or a path of it.
_BEFORE: Final = r"(?<![A-Za-z0-9._%+/\-@])@"
_REFERENCE: Final = r"\{([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}"
_NAMED: Final = (
    r"([^\s@()（）{}\[\]<>`*_][^@()（）{}\[\]<>`\n]{0,119})[(（]([^\s@()（）]{1,64})[)）]"
)
_NUMBER: Final = r"([A-Za-z0-9](?:[A-Za-z0-9._\-]{0,62}[A-Za-z0-9])?)"
_WRITTEN: Final = re.compile(f"{_BEFORE}(?:{_REFERENCE}|{_NAMED}|{_NUMBER})")
_PLAIN_NUMBER: Final = re.compile(f"{_BEFORE}{_NUMBER}")
_CODE: Final = re.compile(r"(?:^|\n)(`{3,}|~{3,}).*?(?:\n\1|\Z)|`[^`\n]*`", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Written:
    """One mention as it stands in a text; exactly one of `reference` and `number` is not empty."""

    start: int
    end: int
    reference: str = ""
    number: str = ""
    name: str = ""


def written(text: str) -> list[Written]:
    """Return what may be mentions in a text, from left to right, about `MOST`; nothing inside of code.

    `@words(number)` comes twice, as a whole and as the number its first word may be: who knows people decides.
    """
    found: list[Written] = []
    for match in _outside_of_code(text):
        reference, name, named, number = match.groups()
        start, end = match.span()
        if reference:
            found.append(Written(start, end, reference=reference))
        if named:
            found.append(Written(start, end, number=named, name=name.strip()))
            plain = _PLAIN_NUMBER.match(text, start)
            number, end = (plain[1], plain.end()) if plain else ("", end)
        if number:
            found.append(Written(start, end, number=number))
        if len(found) >= MOST:
            break
    return found


def _outside_of_code(text: str) -> Iterator[re.Match[str]]:
    code = [match.span() for match in _CODE.finditer(text)]
    for match in _WRITTEN.finditer(text):
        if not any(begin <= match.start() < end for begin, end in code):
            yield match


def replaced(text: str, meant: Callable[[Written], str]) -> str:
    """Return the text with each mention stored as a reference.

    `meant` gives the reference of who is meant, "" for nobody: then the words stay as they are.
    """
    parts, at = [], 0
    for each in written(text):
        reference = meant(each) if each.start >= at else ""
        if reference:
            parts += [text[at : each.start], f"@{{{reference}}}"]
            at = each.end
    return "".join([*parts, text[at:]])


def references(text: str) -> list[str]:
    """Return the references a stored text holds, each once, in order."""
    return list(dict.fromkeys(each.reference for each in written(text) if each.reference))


def without(text: str) -> str:
    """Return a stored text without its mentions, for indexes and for texts that go elsewhere."""
    return re.sub(rf"@{_REFERENCE}[ ,，、:：]?", "", text)


def plain_name(name: str) -> str:
    """Return a name as it can stand in front of a number in brackets."""
    return re.sub(r"\s+", " ", re.sub(r"[@(){}\[\]<>`（）]", " ", name)).strip()


def typed(name: str, number: str, reference: str) -> str:
    """Return what is put into a text for a person: readable where it will be found again, else the reference."""
    words = f"@{plain_name(name)}({number})"
    found = written(words)
    if found and (found[0].number, found[0].name) == (number, plain_name(name)):
        return words
    return f"@{{{reference}}}"
