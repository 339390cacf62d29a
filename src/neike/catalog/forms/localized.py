"""Texts in both languages inside ordinary forms: two inputs, one value."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from neike.kernel.texts import LocalizedText

LANGUAGES = (("zh", "zh-hans"), ("en", "en"))


def two_inputs(
    name: str, label: str, *, most: int, lines: bool = False, required: bool = False
) -> dict[str, forms.Field]:
    """Return the inputs `<name>_zh` and `<name>_en`; a required text needs one of the two."""
    labels = {
        "zh": _("%(label)s (Chinese)") % {"label": label},
        "en": _("%(label)s (English)") % {"label": label},
    }
    return {
        f"{name}_{short}": forms.CharField(
            label=labels[short],
            max_length=most,
            required=required and short == "zh",
            widget=forms.Textarea(attrs={"rows": 3}) if lines else forms.TextInput(),
        )
        for short, _language in LANGUAGES
    }


def initial_of(name: str, text: LocalizedText) -> dict[str, str]:
    """Return what the two inputs show."""
    return {f"{name}_{short}": text.texts.get(language, "") for short, language in LANGUAGES}


def text_of(name: str, cleaned: Mapping[str, Any]) -> LocalizedText:
    """Return the value of the two inputs."""
    return LocalizedText.of(zh=cleaned.get(f"{name}_zh", ""), en=cleaned.get(f"{name}_en", ""))


def lines_of(texts: Iterable[LocalizedText]) -> str:
    """Write texts one per line as "中文 | English"."""
    return "\n".join(
        f"{text.texts.get('zh-hans', '')} | {text.texts.get('en', '')}".strip(" |")
        for text in texts
    )


def texts_of(lines: str) -> tuple[LocalizedText, ...]:
    """Read texts written one per line; without a bar the line is Chinese when it holds Chinese letters."""
    return tuple(text_of_line(line) for line in lines.splitlines() if line.strip(" |"))


def text_of_line(line: str) -> LocalizedText:
    """Read "中文 | English"."""
    first, bar, second = (part.strip() for part in line.partition("|"))
    if not bar and first.isascii():
        first, second = "", first
    return LocalizedText.of(zh=first, en=second)
