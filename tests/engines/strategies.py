"""Random calendars, moments, targets and pauses, near the places where clocks go wrong."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from neike.engines.worktime import CalendarSpec, Shift
from tests.engines.calendars import CHINA_CLOSED, CHINA_WORKED

BOUNDED = settings(max_examples=80, derandomize=True, deadline=None)
SLOW = settings(max_examples=40, derandomize=True, deadline=None)

# zone -> a day near a change of its clocks (or, for Shanghai, near make-up days 调休)
ZONES = {
    "Asia/Shanghai": date(2026, 2, 13),
    "America/New_York": date(2026, 3, 7),
    "Europe/Berlin": date(2026, 10, 24),
    "Australia/Lord_Howe": date(2026, 4, 4),
    "America/Santiago": date(2026, 9, 5),
    "Pacific/Apia": date(2011, 12, 29),
    "Asia/Kathmandu": date(2026, 3, 2),
    "America/St_Johns": date(2006, 4, 1),
    "Africa/Casablanca": date(2026, 2, 14),
    "UTC": date(2026, 12, 30),
}


@st.composite
def shifts(draw, most=3):
    marks = sorted(draw(st.sets(st.integers(0, 96), max_size=2 * most)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(Shift(opens=opens * 900, closes=closes * 900) for opens, closes in pairs)


@st.composite
def specs(draw):
    zone = draw(st.sampled_from(sorted(ZONES)))
    near = [ZONES[zone] + timedelta(days=n) for n in range(-2, 8)]
    dates = st.frozensets(st.sampled_from(near), max_size=3)
    china = zone == "Asia/Shanghai"
    return CalendarSpec(
        zone=zone,
        week=tuple(draw(shifts()) for _ in range(7)),
        closed=draw(dates) | frozenset(CHINA_CLOSED if china else ()),
        worked=draw(dates) | frozenset(CHINA_WORKED if china else ()),
        special=tuple((day, draw(shifts())) for day in sorted(draw(dates))),
    )


@st.composite
def moments(draw, spec, days=4, step=1):
    near = ZONES[spec.zone]
    midnight = datetime(near.year, near.month, near.day, tzinfo=UTC)
    return midnight + timedelta(
        seconds=step * draw(st.integers(-86_400 // step, days * 86_400 // step))
    )


@st.composite
def pauses(draw, spec, days=4, step=1, most=4):
    spans = []
    for _ in range(draw(st.integers(0, most))):
        start = draw(moments(spec, days, step))
        length = draw(st.none() | st.integers(0, 2 * 86_400 // step))
        spans.append((start, None if length is None else start + timedelta(seconds=step * length)))
    return spans
