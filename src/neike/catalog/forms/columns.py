"""The columns of a table field, one per line as people write them."""

from typing import Any, Final

from neike.catalog.display.fields import COLUMN_SETTINGS
from neike.catalog.form_schema import FieldType
from neike.catalog.form_schema.reading import KEY
from neike.catalog.forms.localized import text_of_line

_KINDS: Final = {
    "文字": FieldType.TEXT,
    "数字": FieldType.NUMBER,
    "金额": FieldType.MONEY,
    "日期": FieldType.DATE,
    "选择": FieldType.CHOICE,
    "勾选": FieldType.CHECKBOX,
}


def column_of(line: str, number: int) -> dict[str, Any]:
    """Read a column; what makes no sense is left as it is for the schema to name."""
    parts = [part.strip() for part in line.split("|")]
    key = f"col{number}"
    if len(parts) > 1 and KEY.fullmatch(parts[0]) and len(parts) != 3:  # noqa: PLR2004 - zh | en | kind
        key = parts.pop(0)
    kind = parts.pop() if len(parts) > 1 else FieldType.TEXT.value
    found: dict[str, Any] = {"key": key, "label": text_of_line(" | ".join(parts)).as_json()}
    if kind.endswith("*"):
        found["required"], kind = True, kind[:-1]
    word, _colon, rest = kind.replace("：", ":").replace("，", ",").partition(":")
    settings = [pair.partition("=") for pair in word.split()[1:]]
    word = word.split()[0] if word.split() else ""
    found["type"] = str(_KINDS.get(word, word))
    found |= {name: _number(value) for name, _is, value in settings if name in COLUMN_SETTINGS}
    if rest.strip():
        words = [each.strip() for each in rest.split(",") if each.strip()]
        found["choices"] = [_choice(each, place) for place, each in enumerate(words, start=1)]
    return found


def _number(text: str) -> Any:  # noqa: ANN401 - a number or what the schema refuses
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return text


def _choice(word: str, number: int) -> dict[str, Any]:
    key, is_given, label = word.partition("=")
    if not is_given:
        key, label = f"c{number}", word
    return {"key": key.strip(), "label": text_of_line(label.replace("/", " | ")).as_json()}
