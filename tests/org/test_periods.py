"""Periods in the organisation's zone."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from neike.org.periods import PeriodKind, period_from_key, period_of, quarter_of

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("day", "fiscal_start", "start", "end", "english", "chinese"),
    [
        (date(2026, 8, 15), 1, date(2026, 7, 1), date(2026, 10, 1), "2026 Q3", "2026 年第三季度"),
        (date(2026, 12, 31), 1, date(2026, 10, 1), date(2027, 1, 1), "2026 Q4", "2026 年第四季度"),
        (date(2026, 4, 1), 4, date(2026, 4, 1), date(2026, 7, 1), "FY 2026/27 Q1", "2026/27 财年第一季度"),
        (date(2026, 3, 31), 4, date(2026, 1, 1), date(2026, 4, 1), "FY 2025/26 Q4", "2025/26 财年第四季度"),
        (date(2026, 1, 15), 11, date(2025, 11, 1), date(2026, 2, 1), "FY 2025/26 Q1", "2025/26 财年第一季度"),
        (date(2100, 1, 1), 10, date(2100, 1, 1), date(2100, 4, 1), "FY 2099/00 Q2", "2099/00 财年第二季度"),
    ],
)  # fmt: skip
def test_quarters_follow_the_fiscal_start(day, fiscal_start, start, end, english, chinese):
    period = quarter_of(day, zone=SHANGHAI, fiscal_start=fiscal_start)

    assert (period.start, period.end) == (start, end)
    with translation.override("en"):
        assert str(period) == english
    with translation.override("zh-hans"):
        assert str(period) == chinese


@pytest.mark.parametrize("fiscal_start", range(1, 13))
def test_quarters_follow_one_another_without_gap_and_their_keys_come_back(fiscal_start):
    period = quarter_of(date(2024, 2, 29), zone=SHANGHAI, fiscal_start=fiscal_start)
    for _ in range(12):
        assert period.next().start == period.end
        assert period.next().previous() == period
        assert period.next().starts_at == period.ends_at
        assert period_from_key(period.key, zone=SHANGHAI, fiscal_start=fiscal_start) == period
        period = period.next()


def test_moments_belong_to_the_period_of_the_organisations_zone():
    third = quarter_of(date(2026, 7, 1), zone=SHANGHAI)

    assert third.starts_at == datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
    assert datetime(2026, 6, 30, 16, 0, tzinfo=UTC) in third
    assert datetime(2026, 9, 30, 16, 0, tzinfo=UTC) not in third


def test_a_quarter_across_the_change_to_summer_time_lasts_one_hour_less():
    # Berlin is UTC+1 in winter and UTC+2 from the last Sunday of March.
    second = quarter_of(date(2026, 5, 1), zone="Europe/Berlin")
    first = second.previous()

    assert second.starts_at == datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
    assert (first.ends_at - first.starts_at).total_seconds() == 90 * 86400 - 3600


def test_a_period_that_begins_in_a_skipped_midnight_begins_after_the_gap():
    # Asuncion skipped 2017-10-01 00:00 to 01:00.
    fourth = quarter_of(date(2017, 10, 5), zone="America/Asuncion")

    assert fourth.starts_at == datetime(2017, 10, 1, 4, 0, tzinfo=UTC)


def test_months_and_years_have_names_too():
    year = period_of(date(2026, 2, 1), kind=PeriodKind.YEAR, zone=SHANGHAI, fiscal_start=4)
    month = period_of(date(2026, 2, 9), kind=PeriodKind.MONTH, zone=SHANGHAI, fiscal_start=4)

    with translation.override("en"):
        assert (str(year), year.key) == ("FY 2025/26", "2025")
        assert (str(month), month.key) == ("2026-02", "2025-M11")
    assert year.year_before().start == date(2024, 4, 1)
    assert month.year_before().start == date(2025, 2, 1)


@pytest.mark.parametrize(
    "key", ["", "2026-Q5", "2026-Q0", "26-Q1", "2026-X1", "2026-Q\uff11", "2026-M13"]
)
def test_an_address_that_names_no_period_is_refused(key):
    with pytest.raises(ValueError, match="names no period"):
        period_from_key(key, zone=SHANGHAI)
