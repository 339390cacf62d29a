"""One row of the file as we understand it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from neike.org.importing.columns import FIELDS
from neike.org.importing.errors import RowRefusedError
from neike.org.importing.reading import Record

_LENGTHS: Final = {
    "employee_no": 64,
    "name": 120,
    "email": 254,
    "department_code": 32,
    "department": 400,
    "parent": 400,
    "title": 120,
    "manager": 254,
    "valid_from": 40,
}
_FORMATS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_PATH: Final = re.compile(r"\s*[/>\\／＞]\s*")  # noqa: RUF001 - full-width signs are typed too
FIRST_DAY: Final = date(1950, 1, 1)
LAST_DAY: Final = date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """A checked row. Texts are trimmed, "" where the file says nothing; `path` is the department's name from above."""

    line: int
    employee_no: str
    name: str
    email: str
    department_code: str
    path: tuple[str, ...]
    parent: tuple[str, ...]
    title: str
    manager: str
    valid_from: date | None

    @property
    def key(self) -> str:
        """The employee number as it is compared."""
        return self.employee_no.casefold()


def read_row(record: Record, mapping: Mapping[str, int]) -> Row:
    """Read one record through the column mapping.

    Raises:
        RowRefusedError: a value is missing, too long, holds control characters, or is no e-mail address or date.
    """
    values = {field: _cell(record, mapping, field) for field in FIELDS}
    for field in ("employee_no", "name"):
        if not values[field]:
            raise RowRefusedError(field, _("This must not be empty."))
    if "@" in values["employee_no"]:
        raise RowRefusedError(
            "employee_no", _("An employee number cannot contain “@”."), values["employee_no"]
        )
    return Row(
        line=record.line,
        employee_no=values["employee_no"],
        name=values["name"],
        email=_email(values["email"]),
        department_code=values["department_code"],
        path=_parts(values["department"]),
        parent=_parts(values["parent"]),
        title=values["title"],
        manager=values["manager"].casefold(),
        valid_from=read_day(values["valid_from"]),
    )


def read_day(text: str) -> date | None:
    """Read a date, written year first; None for "".

    Raises:
        RowRefusedError: it is no date between 1950 and 2100.
    """
    if not text:
        return None
    plain = text.split("T", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    for form in _FORMATS:
        try:
            found = datetime.strptime(plain, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        if FIRST_DAY <= found < LAST_DAY:
            return found
    raise RowRefusedError(
        "valid_from", _("“%(text)s” is no date. Write it as 2026-03-31.") % {"text": text}, text
    )


def _cell(record: Record, mapping: Mapping[str, int], field: str) -> str:
    index = mapping.get(field)
    text = record.cells[index].strip() if index is not None and index < len(record.cells) else ""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise RowRefusedError(field, _("Control characters and line breaks are not taken here."))
    if len(text) > _LENGTHS[field]:
        raise RowRefusedError(
            field,
            _("This is longer than %(limit)s characters.") % {"limit": _LENGTHS[field]},
            text[:60],
        )
    return text


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise RowRefusedError(
                "email", _("“%(text)s” is no e-mail address.") % {"text": text}, text
            ) from error
    return text.lower()


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in _PATH.split(text) if part)
