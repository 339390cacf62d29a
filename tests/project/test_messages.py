"""A translation says what the text says: nothing more, and nothing swallowed."""

import polib
import pytest

from tools.messages import Message, _faults


@pytest.mark.parametrize(
    ("english", "plural", "chinese", "fault"),
    [
        ("%(low)s to %(high)s", "", "%(low)s 至 %(high)s", ""),
        ("%(low)s to %(high)s", "", "%(low)s 起", "lacks ['high']"),
        ("%(n)s of %(all)s", "", "%(n)s/%(total)s", "other placeholders"),
        ("one row of %(name)s", "%(n)s rows of %(name)s", "%(name)s 的 %(n)s 行", ""),
        ("one row of %(name)s", "%(n)s rows of %(name)s", "%(n)s 行", "lacks ['name']"),
    ],
)
def test_placeholders_of_a_translation_are_those_of_the_text(english, plural, chinese, fault):
    found = _faults(Message("", english, plural, "x.py"), polib.POEntry(msgstr=chinese))

    assert [fault in line for line in found] == ([True] if fault else [])
