"""How much two texts are about the same, by the words they share.

A word is a Latin word of three letters and more, or a pair of Chinese characters that stand side by side.
What nearly every question says ("please", "怎么") is no word.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_PIECES: Final = re.compile(
    r"(?P<run>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)|(?P<word>[a-z0-9]{3,})"
)
_LONGEST_WORD: Final = 32
_TELLING: Final = 8
_WORDS: Final = (
    "the and for are was has have had not but can could cannot you your our their they this that these those "
    "with from into who how what when where which why will would should please need want like new about all "
    "any does did doing get got its per may must let use using used one two more most also then than there here "
    "been being out off over under after before"
)
_PAIRS: Final = (
    "怎么 如何 什么 请问 可以 需要 我的 我们 你们 他们 一个 一下 这个 那个 没有 不能 不会 为什 么办 的时 时候 "
    "进行 以及 或者 如果 但是 因为 所以 已经 还是 是否 希望 麻烦 谢谢 您好 你好 请您 申请 服务 问题"
)
_COMMON_WORDS: Final = frozenset(_WORDS.split())
_COMMON_PAIRS: Final = frozenset(_PAIRS.split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text to compare with: its number and the weight of each of the asked words it holds."""

    id: int
    weights: Mapping[str, int]


def words(text: str) -> Counter[str]:
    """Return the words of a text with how often each stands in it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: Counter[str] = Counter()
    for piece in _PIECES.finditer(folded):
        part = piece.group()
        if piece.lastgroup == "word":
            if part not in _COMMON_WORDS:
                found[part[:_LONGEST_WORD]] += 1
            continue
        found.update(pair for pair in map("".join, pairwise(part)) if pair not in _COMMON_PAIRS)
    return found


def weights(title: str, body: str, *, most: int = 300) -> dict[str, int]:
    """Return the words a text is known by: 3 for one in the title, 1 for one in the body; the most frequent `most`."""
    said = words(body)
    named = words(title)
    ranked = sorted({*said, *named}, key=lambda word: (word not in named, -said[word], word))
    return {word: 3 if word in named else 1 for word in ranked[:most]}


def rank(
    asked: Iterable[str], candidates: Iterable[Candidate], *, total: int, least: float = 0.15
) -> list[int]:
    """Return the ids of the candidates that are about what was asked, best first.

    Each asked word counts by how few of the `total` texts hold it. A candidate must hold two of the asked words,
    or one in its title, and at least the share `least` of what the eight rarest asked words could give together.

    Source: inverse document frequency, K. Sparck Jones (1972), J. Documentation 28(1), with one added to each count.
    """
    texts = list(candidates)
    spread = Counter(word for each in texts for word in each.weights)
    rarity = {word: math.log((total + 1) / (spread[word] + 1)) + 1 for word in set(asked)}
    best_possible = 3 * sum(sorted(rarity.values(), reverse=True)[:_TELLING])
    scored = []
    for each in texts:
        held = {word: weight for word, weight in each.weights.items() if word in rarity}
        score = sum(rarity[word] * weight for word, weight in held.items())
        enough = len(held) > 1 or 3 in held.values()  # noqa: PLR2004 - the weight of a word in a title
        if enough and score >= least * best_possible:
            scored.append((-score, each.id))
    return [number for _score, number in sorted(scored)]
