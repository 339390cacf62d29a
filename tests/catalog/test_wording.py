"""Working time is written and read the way people say it."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from neike.catalog import wording

DAY = 450 * 60


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (45, "45 s"),
        (900, "15 min"),
        (3600, "1 h"),
        (16200, "4 h 30 min"),
        (DAY, "1 working day"),
        (2 * DAY + 3600, "2 working days 1 h"),
        (DAY + 3660, "1 working day 1 h"),
    ],
)
def test_working_time_is_written_with_two_units(seconds, words):
    assert wording.working_time(seconds, DAY) == words


def test_working_time_is_written_in_chinese():
    with translation.override("zh-hans"):
        assert wording.working_time(2 * DAY + 3600, DAY) == "2 个工作日 1 小时"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("30m", 1800),
        ("30 min", 1800),
        ("30分钟", 1800),
        ("1.5h", 5400),
        ("4 小时", 14400),
        ("1d 2h", DAY + 7200),
        ("2 个工作日", 2 * DAY),
        ("2天1小时", 2 * DAY + 3600),
        ("0h", 0),
    ],
)
def test_what_people_write_is_read(text, seconds):
    assert wording.read_time(text, DAY) == seconds


@pytest.mark.parametrize("text", ["soon", "30", "-1h", "1h x", "x 1h", "1y", "h", "1h-2h"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=text):
        wording.read_time(text, DAY)


@given(st.integers(min_value=1, max_value=10**6), st.sampled_from([DAY, 8 * 3600, 3600]))
def test_what_is_written_short_reads_back_exactly(minutes, day):
    assert wording.read_time(wording.short_time(minutes * 60, day), day) == minutes * 60


def test_the_normal_day_is_the_most_frequent_one():
    week = [(weekday, 540, 1080) for weekday in range(4)] + [(4, 540, 720)]

    assert wording.normal_day(week) == 9 * 3600
    assert wording.normal_day([]) == 8 * 3600
