"""How articles and their versions are put before people."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neike.desk.choices import ArticleState
from neike.desk.models import Article, ArticleVersion
from neike.kernel.texts import LocalizedText

STATE_TONES: Final = {
    ArticleState.DRAFT: "warning",
    ArticleState.PUBLISHED: "success",
    ArticleState.RETIRED: "neutral",
}
_EXCERPT: Final = 140
_LANGUAGES: Final = ("zh-hans", "en")


def language_names() -> dict[str, str]:
    """Return how the product's languages are called."""
    return {"zh-hans": _("Chinese"), "en": _("English")}


def shown_in_another_language(text: LocalizedText) -> str:
    """Return the name of the language a reader is shown instead of their own, else ""."""
    reader = get_language() or text.source
    if not text.is_fallback_in(reader):
        return ""
    shown = text.source if text.texts.get(text.source) else next(iter(text.texts))
    return language_names().get(shown, shown)


def language_shown(text: LocalizedText) -> str:
    """Return the language code of what a reader is shown of a text, as HTML wants it."""
    reader = get_language() or text.source
    code = reader if text.texts.get(reader) else text.source
    return "en" if code == "en" else "zh-Hans"


def excerpt(article: Article) -> str:
    """Return the beginning of an article in the reader's language, without Markdown's signs."""
    plain = " ".join(str(article.body).translate(str.maketrans("", "", "#*`>|_")).split())
    return plain if len(plain) <= _EXCERPT else f"{plain[: _EXCERPT - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed in one language between two versions; the title only where it changed."""

    language: str
    title_before: str
    title_after: str
    lines: Sequence[Line]

    @property
    def is_same(self) -> bool:
        """Whether nothing changed in this language."""
        return self.title_before == self.title_after and all(
            each.kind == "same" for each in self.lines
        )


def compared(before: ArticleVersion, after: ArticleVersion) -> list[Compared]:
    """Compare two versions line by line, in each language that one of them has."""
    names = language_names()
    return [
        Compared(
            names[language],
            before.title.texts.get(language, ""),
            after.title.texts.get(language, ""),
            _lines(before.body.texts.get(language, ""), after.body.texts.get(language, "")),
        )
        for language in _LANGUAGES
        if any(
            text.texts.get(language)
            for text in (before.title, before.body, after.title, after.body)
        )
    ]


def _lines(before: str, after: str) -> list[Line]:
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Line("same", each) for each in old[a:b]]
            continue
        found += [Line("removed", each) for each in old[a:b]]
        found += [Line("added", each) for each in new[c:d]]
    return found


def cards(articles: Sequence[Article], names: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - an OrgChart
    """Return what a list of articles shows, each with the name of its department."""
    return [
        {"article": each, "department": names.name(each.department_id), "excerpt": excerpt(each)}
        for each in articles
    ]
