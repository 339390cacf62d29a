"""When the demo company works: head office with the Chinese holidays, and the office in Berlin."""

from datetime import date
from typing import Final

from neike.kernel.demo import Company, moment
from neike.kernel.texts import LocalizedText
from neike.org.actions.calendars import create_calendar, set_exceptions
from neike.org.actions.national_days import load_national_days
from neike.org.choices import ExceptionKind
from neike.org.models import BusinessCalendar

_CN_WEEK: Final = [[[540, 720], [810, 1080]]] * 5 + [[], []]
_DE_WEEK: Final = [[[540, 750], [810, 1080]]] * 5 + [[], []]
# (month, day) of the German holidays that never move, and those of Berlin.
_GERMAN: Final = (
    (1, 1, "元旦", "New Year's Day"),
    (3, 8, "妇女节（柏林）", "Women's Day (Berlin)"),
    (5, 1, "劳动节", "Labour Day"),
    (10, 3, "德国统一日", "German Unity Day"),
    (12, 24, "平安夜", "Christmas Eve"),
    (12, 25, "圣诞节", "Christmas Day"),
    (12, 26, "圣诞节次日", "Second Day of Christmas"),
    (12, 31, "除夕", "New Year's Eve"),
)


def load(company: Company) -> None:
    """Make both calendars with their closed days from before the history to the end of next year."""
    founded = moment(date(company.begins.year - 1, 1, 2), 600)
    head_office = create_calendar(
        name=LocalizedText.of(zh="总部工作日历", en="Head office"),
        zone="Asia/Shanghai",
        week=_CN_WEEK,
        country="CN",
        is_default=True,
        by=None,
        now=founded,
    )
    years = range(company.begins.year - 1, company.today.year + 2)
    load_national_days(calendar=head_office, years=years, by=None, now=founded)
    berlin = create_calendar(
        name=LocalizedText.of(zh="柏林办公室日历", en="Berlin office"),
        zone="Europe/Berlin",
        week=_DE_WEEK,
        by=None,
        now=founded,
    )
    for month, day, zh, en in _GERMAN:
        set_exceptions(
            calendar=berlin,
            days=[date(year, month, day) for year in years],
            kind=ExceptionKind.CLOSED,
            name=LocalizedText.of(zh=zh, en=en),
            by=None,
            now=founded,
        )
    company.shared["calendars"] = {
        "cn": BusinessCalendar.objects.get(pk=head_office.pk),
        "de": BusinessCalendar.objects.get(pk=berlin.pk),
    }
