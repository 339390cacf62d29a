"""The shape of a request form."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from neike.catalog.form_schema.conditions import Condition
from neike.kernel.texts import LocalizedText


class FieldType(StrEnum):
    """What kind of answer a field takes; a note takes none and only tells something."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    PERSON = "person"
    DEPARTMENT = "department"
    CHECKBOX = "checkbox"
    FILE = "file"
    NOTE = "note"
    TABLE = "table"


ANSWERED_TYPES: Final = frozenset(FieldType) - {FieldType.NOTE}
CHOOSING_TYPES: Final = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE})
TEXT_TYPES: Final = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})
# What a column of a table may ask for.
COLUMN_TYPES: Final = frozenset(
    {
        FieldType.TEXT,
        FieldType.NUMBER,
        FieldType.MONEY,
        FieldType.DATE,
        FieldType.CHOICE,
        FieldType.CHECKBOX,
    }
)
MOST_ROWS: Final = 50
USUAL_ROWS: Final = 10
RANGED_TYPES: Final = frozenset({FieldType.NUMBER, FieldType.MONEY, FieldType.DATE})

# ISO 4217 currencies whose minor unit is the currency itself; all others we offer have hundredths.
_WHOLE_CURRENCIES: Final = frozenset({"CLP", "ISK", "JPY", "KRW", "VND", "XAF", "XOF"})


def minor_units(currency: str) -> int:
    """Return how many decimals a currency has (ISO 4217): 2 for CNY, 0 for JPY."""
    return 0 if currency in _WHOLE_CURRENCIES else 2


class SchemaError(ValueError):
    """A form that cannot be used: `where` names the field or place, the text says what to do."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where
        self.message = message


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    key: str
    label: LocalizedText


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    `minimum` and `maximum` are numbers, minor units for money, and ISO dates (`YYYY-MM-DD`) for dates.
    `currencies` are those a money field accepts, the first one proposed.
    A table has `columns` and takes from `min_rows` to `max_rows` rows; its answer is a list of
    {column key: answer}.
    `default` is what an empty form proposes, in the form of an answer; it is never filled in silently.
    """

    key: str
    type: FieldType
    label: LocalizedText
    help: LocalizedText = field(default_factory=LocalizedText)
    required: bool = False
    default: Any = None
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    min_length: int | None = None
    max_length: int | None = None
    decimals: int = 0
    currencies: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    show_if: Condition | None = None
    columns: tuple["Field", ...] = ()
    min_rows: int = 0
    max_rows: int = USUAL_ROWS

    @property
    def choice_keys(self) -> frozenset[str]:
        """Return the keys one may choose."""
        return frozenset(choice.key for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one form, in their order."""

    fields: tuple[Field, ...] = ()

    def field(self, key: str) -> Field | None:
        """Return the field with this key, or None."""
        return next((one for one in self.fields if one.key == key), None)
