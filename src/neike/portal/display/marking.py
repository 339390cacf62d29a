"""The words that were looked for, marked in what was found."""

import re
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from neike.kernel.search import tokens

_LONGEST: Final = 160
_BEFORE: Final = 40


def marked(text: str, query: str) -> SafeString:
    """Return a text with every found word in `<mark>`; all of it is escaped."""
    pattern = _pattern(query)
    if pattern is None:
        return mark_safe(escape(text))  # noqa: S308 - escaped
    parts: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        parts += [escape(text[end : found.start()]), "<mark>", escape(found.group()), "</mark>"]
        end = found.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped


def snippet(text: str, query: str) -> SafeString:
    """Return the part of a longer text around the first found word, marked."""
    pattern = _pattern(query)
    found = pattern.search(text) if pattern else None
    start = max(0, found.start() - _BEFORE) if found else 0
    cut = text[start : start + _LONGEST]
    return marked(
        f"{'…' if start else ''}{cut}{'…' if len(text) > start + _LONGEST else ''}", query
    )


def _pattern(query: str) -> re.Pattern[str] | None:
    """Return what finds the words: beginnings of Latin words, runs and pairs of Chinese characters."""
    wanted = tokens.terms(query)
    runs = ["".join(term.tokens) for term in wanted if not term.is_prefix]
    pairs = ["".join(term.tokens) for term in tokens.loosened(wanted) if not term.is_prefix]
    words = [rf"\b{re.escape(term.tokens[0])}" for term in wanted if term.is_prefix]
    parts = [re.escape(each) for each in dict.fromkeys([*runs, *pairs])] + words
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None
