"""How numbers, shares, spans and moments are written in both languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from neike.kernel.ui import formatting

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (None, "–", "–"),
        (0, "under a minute", "不到 1 分钟"),
        (59, "under a minute", "不到 1 分钟"),
        (60, "1 min", "1 分"),
        (3599, "59 min", "59 分"),
        (3600, "1 h", "1 小时"),
        (9000, "2 h 30 min", "2 小时 30 分"),
        (86400, "1 day", "1 天"),
        (90000, "1 day 1 h", "1 天 1 小时"),
        (172800 + 1800, "2 days", "2 天"),
        (-5400, "−1 h 30 min", "−1 小时 30 分"),
    ],
)
def test_a_span_is_written_with_its_two_largest_units(seconds, en, zh):
    with translation.override("en"):
        assert formatting.duration(seconds) == en
    with translation.override("zh-hans"):
        assert formatting.duration(seconds) == zh


def test_a_day_of_working_time_is_as_long_as_the_working_day():
    with translation.override("en"):
        assert formatting.duration(27000 + 3600, day=27000) == "1 day 1 h"


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (None, 0, "–"),
        (0.0, 0, "0%"),
        (1.0, 1, "100.0%"),
        (0.9643, 1, "96.4%"),
        (0.9996, 0, "99%"),
        (0.9996, 1, "99.9%"),
        (0.0001, 0, "1%"),
        (0.5, 0, "50%"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_everything(share, decimals, text):
    with translation.override("en"):
        assert formatting.percent(share, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(None, 0, "–"), (0, 0, "0"), (1284502, 0, "1,284,502"), (-1234.5, 2, "-1,234.50")],
)
def test_thousands_are_grouped_in_both_languages(value, decimals, text):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert formatting.number(value, decimals) == text


@pytest.mark.parametrize(
    ("at", "en", "zh"),
    [
        (None, "–", "–"),
        (datetime(2026, 3, 2, 15, 59, tzinfo=UTC), "today 23:59", "今天 23:59"),
        (datetime(2026, 3, 2, 16, 0, tzinfo=UTC), "tomorrow 00:00", "明天 00:00"),
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), "yesterday 23:59", "昨天 23:59"),
        (datetime(2026, 11, 23, 1, 20, tzinfo=UTC), "23 Nov 09:20", "11月23日 09:20"),
        (datetime(2025, 12, 31, 15, 0, tzinfo=UTC), "31 Dec 2025 23:00", "2025年12月31日 23:00"),
    ],
)
def test_a_moment_is_written_in_the_readers_zone(at, en, zh):
    with translation.override("en"):
        assert formatting.moment(at, zone=SHANGHAI, now=NOW) == en
    with translation.override("zh-hans"):
        assert formatting.moment(at, zone=SHANGHAI, now=NOW) == zh


def test_a_moment_in_full_names_its_zone():
    with translation.override("en"):
        assert formatting.moment_in_full(NOW, zone=SHANGHAI) == "Mon 2 Mar 2026 10:00 CST"
