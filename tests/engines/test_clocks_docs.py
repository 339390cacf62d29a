"""What the reference pages say is what the engines do, in both languages."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from neike.engines.clocks import PAUSE_TABLE, Effect, WaitingOn
from tests.engines.calendars import calendar

DOCS = Path(__file__).parents[2] / "docs"
EFFECTS = {
    "runs": Effect.RUN,
    "pauses": Effect.PAUSE,
    "if allowed": Effect.PAUSE_IF_ALLOWED,
    "stops": Effect.STOP,
    "计时": Effect.RUN,
    "暂停": Effect.PAUSE,
    "按标准": Effect.PAUSE_IF_ALLOWED,
    "停止": Effect.STOP,
    "–": Effect.ABSENT,
}
PLACES = {
    "New York": "new-york-always",
    "纽约": "new-york-always",
    "Lord Howe": "lord-howe-always",
    "豪勋爵岛": "lord-howe-always",
    "Berlin": "berlin",
    "柏林": "berlin",
}


def page(language: str) -> str:
    return (DOCS / language / "reference" / "clocks.md").read_text(encoding="utf-8")


def rows(text: str, columns: int) -> list[list[str]]:
    """The body rows of the first table whose head has that many columns and that is not about states."""
    table = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [row for row in table if len(row) == columns]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+08:00")


def zoned(text: str) -> datetime:
    return datetime.fromisoformat("".join(text.rsplit(" ", 1)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_printed_pause_table_is_the_one_in_force(language):
    _head, *body = rows(page(language), 7)

    printed = [[EFFECTS[cell] for cell in row[1:]] for row in body]

    assert printed == [list(PAUSE_TABLE[waiting].values()) for waiting in WaitingOn]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_printed_example_is_computed_so(language):
    examples = [row for row in rows(page(language), 5) if re.match(r"\d\d-\d\d \d", row[0])]

    assert len(examples) == 13
    for start, target, paused, due, _ in examples:
        marks = [moment(mark) for mark in re.findall(r"\d\d-\d\d \d\d:\d\d", paused)]
        pauses = list(zip(marks[::2], marks[1::2], strict=True))
        computed = calendar("china").due(moment(start), timedelta(minutes=int(target)), pauses)
        assert computed == moment(due)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_printed_change_of_clocks_is_computed_so(language):
    examples = [row for row in rows(page(language), 5) if re.match(r"2026-", row[2])]

    assert len(examples) == 4
    for _, place, start, target, due in examples:
        name = PLACES[re.split("[,，]", place)[0]]
        computed = calendar(name).due(zoned(start), timedelta(minutes=int(target)))
        assert computed == zoned(due)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_rule_has_its_place(language):
    printed = set(re.findall(r"^- \*\*R(\d+)", page(language), re.MULTILINE))

    assert printed == {str(number) for number in range(1, 23)}
