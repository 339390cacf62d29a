"""One row of the file as we understand it."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from neike.org.importing.columns import FIELDS, REQUIRED
from neike.org.importing.errors import RowNote, RowRefusedError
from neike.org.importing.layouts import Record
from neike.org.importing.matching import plain, reference_key
from neike.org.importing.wording import _
from neike.org.importing.xlsx_file import first_cell

_LENGTHS: Final = {
    "employee_no": 64,
    "name": 120,
    "email": 254,
    "department_code": 32,
    "department": 400,
    "parent": 400,
    "title": 120,
    "manager": 1000,
    "valid_from": 40,
    "primary": 20,
    "reference": 1000,
    "post": 120,
    "reports_to_post": 120,
    "organisation": 200,
    "grade": 120,
    "places": 20,
}
_FORMATS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_PATH: Final = re.compile(r"\s*[/>\\／＞]\s*")  # noqa: RUF001 - full-width signs are typed too
_YES: Final = frozenset({"yes", "y", "true", "1", "primary", "main", "是", "主", "主职", "主岗"})
_NO: Final = frozenset(
    {"no", "n", "false", "0", "concurrent", "secondary", "否", "兼", "兼职", "兼任", "兼岗"}
)
NOBODY: Final = frozenset({"", "xx", "-", "–", "n/a", "none", "无"})
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
    primary: bool | None = None
    """Whether this is the person's main post; None where the file says nothing."""
    reference: str = ""
    file: str = ""
    remarks: tuple[RowNote, ...] = ()

    @property
    def key(self) -> str:
        """The employee number as it is compared."""
        return plain(self.employee_no)


def read_row(record: Record, mapping: Mapping[str, int]) -> Row:
    """Read one record through the column mapping.

    Raises:
        RowRefusedError: a value is missing, too long, holds control characters, or is no e-mail address or date.
    """
    values, remarks = cells_of(record, mapping, REQUIRED)
    if "@" in values["employee_no"]:
        raise RowRefusedError(
            "employee_no", _("An employee number cannot contain “@”."), values["employee_no"]
        )
    return Row(
        line=record.line,
        employee_no=" ".join(unicodedata.normalize("NFKC", values["employee_no"]).split()),
        name=values["name"],
        email=_email(unicodedata.normalize("NFKC", values["email"])),
        department_code=unicodedata.normalize("NFKC", values["department_code"]),
        path=_parts(values["department"]),
        parent=_parts(values["parent"]),
        title=values["title"],
        manager=_reference(values["manager"]),
        valid_from=read_day(unicodedata.normalize("NFKC", values["valid_from"])),
        primary=_yes(values["primary"]),
        reference=_reference(values["reference"]),
        remarks=remarks,
    )


def cells_of(
    record: Record, mapping: Mapping[str, int], required: Collection[str]
) -> tuple[dict[str, str], tuple[RowNote, ...]]:
    """Return the texts of a row by field, "" where it says nothing, with what is to be remarked of them.

    Raises:
        RowRefusedError: a required one is missing (it may lie in a merged area), too long, or has control characters.
    """
    values = {field: _cell(record, mapping, field) for field in FIELDS}
    remarks = []
    for field, value in values.items():
        area = record.merged.get(mapping.get(field, -1))
        if value:
            continue
        if area:
            words = _(
                "This cell lies in the merged area %(area)s, whose value belongs to its first cell, %(first)s. "
                "Undo the merging and fill every cell."
            ) % {"area": area, "first": first_cell(area)}
            if field in required:
                raise RowRefusedError(field, words)
            remarks.append(RowNote(record.line, field, "", words, refused=False))
        elif field in required:
            raise RowRefusedError(field, _("This must not be empty."))
    return values, tuple(remarks)


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


def _reference(text: str) -> str:
    """Return a reference as it is compared; "" for what says that there is nobody above."""
    key = reference_key(text)
    return "" if key in NOBODY else key


def _yes(text: str) -> bool | None:
    """Read yes or no; None for "".

    Raises:
        RowRefusedError: it is neither.
    """
    key = plain(text)
    if not key:
        return None
    if key in _YES or key in _NO:
        return key in _YES
    raise RowRefusedError("primary", _("Write yes or no here."), text)


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
