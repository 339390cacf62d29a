"""How texts are cut for the index: every Chinese character by itself, Latin words whole and lower case."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Han with its extensions and compatibility forms, kana, hangul, bopomofo.
_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u3130-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_PIECES = re.compile(rf"(?P<run>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+)")
_LONGEST_WORD = 64
_LONGEST_TEXT = 20_000
_MOST_TERMS = 12
_LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: a run of characters that must follow one another, or the beginning of a word."""

    tokens: tuple[str, ...]
    is_prefix: bool


def _plain(text: str) -> str:
    """Fold width and case, and take the marks off Latin letters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded if folded.isascii() else folded.translate(_BARE)


class _Bare(dict[int, str]):
    """Letters without their marks, by code point; kana and hangul keep theirs, they are other letters."""

    def __missing__(self, code: int) -> str:
        if code >= 0x2E80:  # noqa: PLR2004 - where the CJK blocks begin
            return chr(code)
        parts = unicodedata.normalize("NFKD", chr(code))
        self[code] = bare = "".join(part for part in parts if not unicodedata.combining(part))
        return bare


_BARE = _Bare()


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (run or word, whether it is a word) in order."""
    for found in _PIECES.finditer(_plain(text)):
        yield found.group(), found.lastgroup == "word"


def tokens(text: str) -> str:
    """Return the tokens of a text separated by blanks: "报销 VPN故障" becomes "报 销 vpn 故 障".

    Words are cut at 64 letters, texts at 20,000 characters.
    """
    cut: list[str] = []
    for piece, is_word in _pieces(text[:_LONGEST_TEXT]):
        cut += [piece[:_LONGEST_WORD]] if is_word else piece
    return " ".join(cut)


def terms(query: str) -> list[Term]:
    """Cut what somebody typed into terms that must all be found; at most 12, from 200 characters."""
    found = [
        Term((piece[:_LONGEST_WORD],), is_prefix=True)
        if is_word
        else Term(tuple(piece), is_prefix=False)
        for piece, is_word in _pieces(query[:_LONGEST_QUERY])
    ]
    return list(dict.fromkeys(found))[:_MOST_TERMS]


def loosened(wanted: list[Term]) -> list[Term]:
    """Return the terms with every run of three or more characters cut into pairs, for a second try."""
    loose: list[Term] = []
    for term in wanted:
        if term.is_prefix or len(term.tokens) < 3:  # noqa: PLR2004 - a pair cannot be cut
            loose.append(term)
        else:
            loose += [
                Term(term.tokens[at : at + 2], is_prefix=False)
                for at in range(len(term.tokens) - 1)
            ]
    return list(dict.fromkeys(loose))[: 2 * _MOST_TERMS]
