"""What a page says of the columns of a file: what was recognised, what is still asked, what is left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from neike.org.importing import columns

VALUES: Final = 3
LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A field with the header of its column and the first different values in it."""

    label: str
    header: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """`posts` tells a list of posts from one of people; `missing` are fields that are needed; `unused` headers."""

    posts: bool
    found: tuple[Found, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]


def summary(
    headers: Sequence[str], mapping: Mapping[str, int], rows: Sequence[Sequence[str]]
) -> Summary:
    """Say what a mapping takes from a file; `rows` are its first ones, as wide as the header."""
    used = set(mapping.values())
    return Summary(
        posts=columns.names_posts(mapping),
        found=tuple(
            Found(str(label), headers[mapping[field]], _values(row[mapping[field]] for row in rows))
            for field, label in columns.FIELDS.items()
            if field in mapping
        ),
        missing=tuple(columns.missing_fields(mapping)),
        unused=tuple(
            header for number, header in enumerate(headers) if header and number not in used
        ),
    )


def _values(cells: Iterable[str]) -> tuple[str, ...]:
    told = dict.fromkeys(cell.strip() for cell in cells)
    shown = [each if len(each) <= LONGEST else f"{each[: LONGEST - 1]}…" for each in told if each]
    return tuple(shown[:VALUES])
