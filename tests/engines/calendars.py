"""Calendars the engine tests share."""

from datetime import date, timedelta

from neike.engines.worktime import CalendarSpec, PreparedCalendar, prepare
from neike.engines.worktime.spec import WEEKDAYS

SPLIT = [("09:00", "12:00"), ("13:30", "18:00")]
ALWAYS = [("00:00", "24:00")]
WORKWEEK = WEEKDAYS[:5]


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


# State Council notices of 2024-11-12 (for 2025) and 2025-11-04 (for 2026)
CHINA_CLOSED = [
    *days("2025-01-01", "2025-01-01"),
    *days("2025-01-28", "2025-02-04"),
    *days("2025-04-04", "2025-04-06"),
    *days("2025-05-01", "2025-05-05"),
    *days("2025-05-31", "2025-06-02"),
    *days("2025-10-01", "2025-10-08"),
    *days("2026-01-01", "2026-01-03"),
    *days("2026-02-15", "2026-02-23"),
    *days("2026-04-04", "2026-04-06"),
    *days("2026-05-01", "2026-05-05"),
    *days("2026-06-19", "2026-06-21"),
    *days("2026-09-25", "2026-09-27"),
    *days("2026-10-01", "2026-10-07"),
]
CHINA_WORKED = [
    date.fromisoformat(text)
    for text in [
        "2025-01-26",
        "2025-02-08",
        "2025-04-27",
        "2025-09-28",
        "2025-10-11",
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]
]


def spec(zone, hours=SPLIT, weekdays=WORKWEEK, **dated) -> CalendarSpec:
    return CalendarSpec.weekly(zone, dict.fromkeys(weekdays, hours), **dated)


def china(**dated) -> CalendarSpec:
    return spec("Asia/Shanghai", closed=CHINA_CLOSED, worked=CHINA_WORKED, **dated)


SPECS = {
    "shanghai": spec("Asia/Shanghai"),
    "finance": spec("Asia/Shanghai", [("08:30", "11:30"), ("13:00", "17:30")]),
    "china": china(),
    "china-without-makeup": spec("Asia/Shanghai", closed=CHINA_CLOSED),
    "china-short-friday": china(special={date(2026, 2, 13): [("09:00", "12:00")]}),
    "china-duty": china(special={date(2026, 2, 17): [("10:00", "16:00")]}),
    "new-york": spec("America/New_York", [("09:00", "17:00")]),
    "new-york-always": spec("America/New_York", ALWAYS, WEEKDAYS),
    "new-york-half-past": spec("America/New_York", [("00:30", "01:30")], ["sun"]),
    "berlin": spec("Europe/Berlin", [("08:00", "16:00")]),
    "berlin-always": spec("Europe/Berlin", ALWAYS, WEEKDAYS),
    "paris": spec("Europe/Paris", [("08:00", "18:00")]),
    "lord-howe-always": spec("Australia/Lord_Howe", ALWAYS, WEEKDAYS),
    "santiago-nights": spec("America/Santiago", [("00:00", "03:00"), ("22:00", "24:00")], WEEKDAYS),
    "apia-always": spec("Pacific/Apia", ALWAYS, WEEKDAYS),
    "apia-fridays": spec("Pacific/Apia", [("09:00", "17:00")], ["fri"]),
    "kathmandu": spec("Asia/Kathmandu", [("09:00", "17:00")]),
    "tuesdays": spec("Asia/Shanghai", [("08:00", "17:00")], ["tue"]),
    "nights": spec("Asia/Shanghai", [("00:00", "06:00"), ("22:00", "24:00")], WEEKDAYS),
    "never": spec("Asia/Shanghai", []),
    "once-in-2028": spec("Asia/Shanghai", [], special={date(2028, 3, 2): [("09:00", "17:00")]}),
}


def calendar(name: str) -> PreparedCalendar:
    return prepare(SPECS[name])
