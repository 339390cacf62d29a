"""Steps of an escalation fall due by working time, each once, in order."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from neike.engines.escalation import Step, steps_due
from neike.engines.worktime import CalendarSpec, prepare
from tests.engines.calendars import SPLIT, WORKWEEK

PLACE = ZoneInfo("Asia/Shanghai")
HOURS = prepare(CalendarSpec.weekly("Asia/Shanghai", dict.fromkeys(WORKWEEK, SPLIT)))
STEPS = [
    Step("b", timedelta(hours=4)),
    Step("a", timedelta(hours=2)),
    Step("c", timedelta(hours=9)),
]
DUE = datetime(
    2026, 3, 6, 16, tzinfo=PLACE
)  # a Friday: two working hours are left, then the weekend


@pytest.mark.parametrize(
    ("day", "hour", "told", "marks"),
    [
        (6, 15, (), ""),
        (6, 17, (), ""),
        (6, 18, (), "a"),
        (8, 18, (), "a"),
        (9, 10, (), "a"),
        (9, 11, (), "ab"),
        (9, 11, ("a",), "b"),
        (10, 20, (), "abc"),
        (10, 20, ("a", "b", "c"), ""),
    ],
)
def test_each_step_is_due_after_its_working_time(day, hour, told, marks):
    now = datetime(2026, 3, day, hour, tzinfo=PLACE)

    found = steps_due(STEPS, calendar=HOURS, due_at=DUE, now=now, told=told)

    assert "".join(step.mark for step in found) == marks
