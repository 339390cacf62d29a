"""One text in several languages, kept as one JSON value with its source language and a visible fallback."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_SOURCE = "source"


@dataclass(frozen=True)
class LocalizedText:
    """`texts[language]` for the languages that exist ("zh-hans", "en"); `source` is the one it was written in.

    `str()` gives the active language, falling back to the source text.
    """

    texts: dict[str, str] = field(default_factory=dict)
    source: str = "zh-hans"

    @classmethod
    def of(cls, *, zh: str = "", en: str = "", source: str = "") -> "LocalizedText":
        """Build from the product's two languages; the source is the one given first unless named."""
        texts = {code: text for code, text in (("zh-hans", zh), ("en", en)) if text}
        return cls(texts, source or next(iter(texts), "zh-hans"))

    def in_language(self, language: str) -> str:
        """Return the text in `language`, else in the source language, else in any."""
        return (
            self.texts.get(language)
            or self.texts.get(self.source)
            or next(iter(self.texts.values()), "")
        )

    def is_fallback_in(self, language: str) -> bool:
        """Tell whether a reader of `language` is shown another language, so that the page can say so."""
        return bool(self.texts) and not self.texts.get(language)

    def __str__(self) -> str:
        return self.in_language(get_language() or self.source)

    def __bool__(self) -> bool:
        return any(self.texts.values())

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.texts.items())), self.source))

    def as_json(self) -> dict[str, str]:
        """Return the stored form."""
        return {_SOURCE: self.source, **self.texts}

    @classmethod
    def from_json(cls, value: Any) -> "LocalizedText":  # noqa: ANN401 - whatever JSON held
        """Read the stored form.

        Raises:
            ValidationError: it is not an object of strings.
        """
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise ValidationError(_("A text in several languages must be an object of strings."))
        texts = {language: text for language, text in value.items() if language != _SOURCE and text}
        return cls(texts, value.get(_SOURCE) or next(iter(texts), "zh-hans"))


class LocalizedTextField(models.JSONField):
    """Stores a `LocalizedText`; never null, empty by default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", LocalizedText)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> LocalizedText:  # noqa: ANN401
        """Turn stored JSON into a `LocalizedText`."""
        return LocalizedText.from_json(super().from_db_value(value, expression, connection) or {})

    def to_python(self, value: Any) -> LocalizedText:  # noqa: ANN401
        """Accept a `LocalizedText` or its stored form."""
        return value if isinstance(value, LocalizedText) else LocalizedText.from_json(value or {})

    def get_prep_value(self, value: Any) -> Any:  # noqa: ANN401
        """Return the JSON to store."""
        return super().get_prep_value(
            value.as_json() if isinstance(value, LocalizedText) else value
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002
        """Return the database's form of the JSON."""
        if isinstance(value, LocalizedText):
            value = value.as_json()
        return super().get_db_prep_value(value, connection, prepared)

    def value_from_object(self, obj: models.Model) -> Any:  # noqa: ANN401
        """Return the JSON form for serialisation and forms."""
        return getattr(obj, self.attname).as_json()
