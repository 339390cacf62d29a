"""What can be wrong with a file or a row. Messages are sentences in the reader's language."""

from dataclasses import dataclass


class BadFileError(ValueError):
    """The file cannot be read as a table; the text is for its sender."""


class NoPeopleError(BadFileError):
    """The file is one of a directory and holds nobody; beside other files it can be left out."""


class RowRefusedError(ValueError):
    """One row cannot be taken over; `field` names the column at fault ("" for the whole row)."""

    def __init__(self, field: str, message: str, value: str = "") -> None:
        self.field = field
        self.message = message
        self.value = value
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class RowNote:
    """What the report says of one row. `refused` is False for a row that was taken with a remark.

    `file` is the file's name where several were sent together.
    """

    line: int
    field: str
    value: str
    message: str
    refused: bool = True
    file: str = ""
