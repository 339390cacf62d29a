"""China's public holidays and make-up days against the State Council's notices.

The dates below are typed from the notices of the General Office of the State Council: 国办发明电[2023]7号 for 2024,
[2024]12号 for 2025, [2025]7号 for 2026. They do not come from the library that is tested.
"""

from datetime import date, timedelta

import pytest

from neike.org import packs

# month, first day off, month, last day off
OFF = {
    2024: [(1, 1, 1, 1), (2, 10, 2, 17), (4, 4, 4, 6), (5, 1, 5, 5), (6, 10, 6, 10), (9, 15, 9, 17), (10, 1, 10, 7)],
    2025: [(1, 1, 1, 1), (1, 28, 2, 4), (4, 4, 4, 6), (5, 1, 5, 5), (5, 31, 6, 2), (10, 1, 10, 8)],
    2026: [(1, 1, 1, 3), (2, 15, 2, 23), (4, 4, 4, 6), (5, 1, 5, 5), (6, 19, 6, 21), (9, 25, 9, 27), (10, 1, 10, 7)],
}  # fmt: skip
WORKED = {
    2024: [(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)],
    2025: [(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    2026: [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
}  # fmt: skip


def days_off(year):
    for month, day, last_month, last_day in OFF[year]:
        first, last = date(year, month, day), date(year, last_month, last_day)
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_days_off_and_make_up_days_are_those_of_the_notice(year):
    pack = packs.pack_year("CN", year)

    assert pack.published
    assert sorted(pack.closed) == sorted(days_off(year))
    assert sorted(pack.worked) == [date(year, *day) for day in WORKED[year]]


def test_days_off_carry_the_name_of_their_holiday_in_both_languages():
    pack = packs.pack_year("CN", 2026)

    assert pack.closed[date(2026, 2, 18)].in_language("zh-hans") == "春节"
    assert pack.closed[date(2026, 1, 2)].in_language("en") == "New Year's Day"
    assert pack.worked[date(2026, 2, 14)].in_language("zh-hans") == "调休上班"


def test_a_year_without_published_make_up_days_is_provisional():
    pack = packs.pack_year("CN", 2027)

    assert not pack.published
    assert pack.worked == {}
    assert date(2027, 10, 1) in pack.closed


@pytest.mark.parametrize(
    ("country", "year"), [("XX", 2026), ("", 2026), ("CN", 1999), ("CN", 2101)]
)
def test_what_there_is_no_pack_for_is_refused(country, year):
    with pytest.raises(packs.UnknownCountryError):
        packs.pack_year(country, year)
