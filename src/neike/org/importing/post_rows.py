"""Rows of an organogram: posts, some vacant, some shared, some groups of alike posts without names."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from neike.org.importing.columns import REQUIRED_OF_POSTS
from neike.org.importing.errors import RowNote, RowRefusedError
from neike.org.importing.layouts import Record
from neike.org.importing.matching import plain
from neike.org.importing.reading import records
from neike.org.importing.report import Report
from neike.org.importing.rows import NOBODY, cells_of
from neike.org.importing.sources import Source
from neike.org.importing.state import made_code
from neike.org.importing.wording import _

VACANT: Final = frozenset({"vacant", "vacancy", "eliminated", "空缺", "空岗", "待聘", "已撤销"})
"""Nobody holds the post."""
UNTOLD: Final = frozenset({"", "n/d", "n/a", "nd", "-", "–", "不公开", "未公开"})
"""Who holds it, if anybody, is not said: what is stored stays."""
_QUOTES: Final = re.compile(r"^'+|'+$")
_CODE: Final = 32
_TOLD: Final = 1_000
_MOST: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class PostRow:
    """A checked row. `post` is "" for a group of posts; `boss` the compared reference of the post above, "" for none."""

    line: int
    file: str
    post: str
    name: str
    title: str
    unit: str
    organisation: str
    above: str
    boss: str
    grade: str
    places: Decimal
    cells: tuple[str, ...]
    told_boss: str = ""
    remarks: tuple[RowNote, ...] = ()

    @property
    def key(self) -> str:
        """What makes it the same post in the next file."""
        if self.post:
            return plain(self.post)
        return "\x1f".join(("", plain(self.unit), self.boss, plain(self.grade), plain(self.title)))


@dataclass
class Post:
    """A post as all its rows say; `holders` are the names told, `told` is False while no row says who holds it."""

    row: PostRow
    code: str
    places: Decimal = Decimal(0)
    holders: list[tuple[str, PostRow]] = field(default_factory=list)
    told: bool = False
    rows: list[PostRow] = field(default_factory=list)

    @property
    def senior(self) -> bool:
        """Whether it is a post of its own and not a group of alike ones."""
        return bool(self.row.post)


def posts_of(
    sources: Sequence[Source], report: Report, progress: Callable[[Report], None]
) -> dict[str, Post]:
    """Read the posts of all files, in their order; a later file's row holds over an earlier one's.

    Counts rows and notes what is refused or remarked; `progress` is told every thousand rows.
    """
    found: dict[str, Post] = {}
    for source in sources:
        fresh: dict[str, Post] = {}
        seen: dict[tuple[str, ...], int] = {}
        for record in records(source.file, source.layout):
            report.rows += 1
            if report.rows % _TOLD == 0:
                progress(report)
            try:
                row = read_post(record, source.mapping, source.name)
            except RowRefusedError as error:
                report.note(
                    RowNote(record.line, error.field, error.value, error.message, file=source.name)
                )
                continue
            report.taken += 1
            if row.post and plain(row.told_boss) == plain(row.post):
                words = _("This post reports to itself; the row was taken without the post above.")
                report.note(_remark(row, "reports_to_post", row.told_boss, words))
            for remark in row.remarks:
                report.note(replace(remark, file=source.name))
            if row.cells in seen:
                report.unchanged += 1
                words = _("The same row stands on line %(line)s, word for word; it counts once.")
                report.note(_remark(row, "", "", words % {"line": seen[row.cells]}))
            else:
                seen[row.cells] = row.line
                _add(row, fresh, found, report)
        found |= fresh
    return found


def read_post(record: Record, mapping: Mapping[str, int], file: str) -> PostRow:
    """Read one record through the column mapping.

    Raises:
        RowRefusedError: the unit or the title is missing, a text is too long, or the number of places is none.
    """
    values, remarks = cells_of(record, mapping, REQUIRED_OF_POSTS)
    told = {name: _QUOTES.sub("", value).strip() for name, value in values.items()}
    boss = plain(told["reports_to_post"])
    return PostRow(
        line=record.line,
        file=file,
        post=told["post"],
        name=told["name"],
        title=told["title"],
        unit=told["department"],
        organisation=told["organisation"],
        above=told["parent"],
        boss="" if boss in NOBODY or boss == plain(told["post"]) else boss,
        grade=told["grade"],
        places=_places(values["places"]),
        cells=tuple(record.cells),
        told_boss=told["reports_to_post"],
        remarks=remarks,
    )


def post_code(row: PostRow) -> str:
    """Return the code under which the post is stored: its reference, or one made from what it says."""
    if row.post:
        return row.post if len(row.post) <= _CODE else made_code("post", row.post)
    return made_code("group", row.key)


def _add(row: PostRow, fresh: dict[str, Post], found: Mapping[str, Post], report: Report) -> None:
    post = fresh.get(row.key)
    if post is None:
        post = fresh[row.key] = Post(row, post_code(row))
        earlier = found.get(row.key)
        if earlier is not None:
            words = _("“%(file)s”, line %(line)s, says “%(value)s”. The later file holds.")
            _compare(row, earlier.row, words, report)
            post.holders, post.told = list(earlier.holders), earlier.told
    else:
        words = _("Line %(line)s says “%(value)s” of the same post; that was kept.")
        _compare(row, post.row, words, report)
    post.rows.append(row)
    post.places += row.places
    name = plain(row.name)
    if name in UNTOLD:
        return
    if not any(each.file == row.file for _name, each in post.holders):
        post.holders = []
    post.told = True
    if name not in VACANT and name not in {plain(each) for each, _row in post.holders}:
        post.holders.append((row.name, row))


def _compare(row: PostRow, other: PostRow, words: str, report: Report) -> None:
    fields = {
        "title": (row.title, other.title),
        "department": (row.unit, other.unit),
        "reports_to_post": (row.boss, other.boss),
    }
    for name, (ours, theirs) in fields.items():
        if plain(ours) != plain(theirs):
            told = {"file": other.file, "line": other.line, "value": theirs}
            report.note(_remark(row, name, ours, words % told))


def _remark(row: PostRow, name: str, value: str, words: str) -> RowNote:
    return RowNote(row.line, name, value, words, refused=False, file=row.file)


def _places(text: str) -> Decimal:
    if not text:
        return Decimal(1)
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 <= found < _MOST:
        raise RowRefusedError(
            "places", _("“%(text)s” is no number of places.") % {"text": text[:20]}, text[:20]
        )
    return round(found, 2)
