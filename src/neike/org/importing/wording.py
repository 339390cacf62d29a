"""Sentences of a report that remember what they were made of, so that every reader gets them in their own language."""

from typing import Any, Self

from django.utils.translation import gettext

from neike.kernel.texts import LocalizedText

_DEEP = 4
"""A sentence may hold another one; no report nests them deeper."""


class Words(str):
    """A translated sentence with its English original and what was filled in."""

    __slots__ = ("filled", "message")

    message: str
    filled: dict[str, Any] | None

    def __new__(cls, message: str, filled: dict[str, Any] | None = None) -> Self:
        """Return the sentence in the present language."""
        text = gettext(message)
        made = super().__new__(cls, text if filled is None else text % filled)
        made.message, made.filled = message, filled
        return made

    def __mod__(self, filled: Any) -> "Words":  # noqa: ANN401 - as the text's own
        return Words(self.message, filled)


def _(message: str) -> Words:
    """Translate a sentence of a report; fill it in with `%` and a mapping."""
    return Words(message)


def stored(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return a text as it is stored: what it was made of, and how it read; a plain one as it is."""
    if not isinstance(text, Words):
        return text
    filled = {name: _value(value) for name, value in (text.filled or {}).items()}
    return {"message": text.message, "filled": filled, "text": str(text)}


def _value(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Words):
        return stored(value)
    if isinstance(value, LocalizedText):
        return {"texts": dict(value.texts), "source": value.source}
    return value if isinstance(value, int | float) else str(value)


def read(found: Any, deep: int = 0) -> str:  # noqa: ANN401 - JSON
    """Return a stored text in the present language; as it read then, when the product says it in other words now."""
    if not isinstance(found, dict):
        return str(found)
    try:
        filled = {name: _filled(value, deep) for name, value in found["filled"].items()}
        return str(Words(found["message"], filled or None))
    except (KeyError, TypeError, ValueError):
        return str(found.get("text", ""))


def _filled(value: Any, deep: int) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and "texts" in value:
        return str(LocalizedText(value["texts"], value["source"]))
    return read(value, deep + 1) if isinstance(value, dict) and deep < _DEEP else value
