"""Business calendars: what is refused, what a change announces, and the national pack."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from neike.kernel.texts import LocalizedText
from neike.org import queries
from neike.org.actions import calendars, national_days
from neike.org.actions.errors import CalendarError
from neike.org.choices import ExceptionKind
from neike.org.models import BusinessCalendar
from tests.make import org as make

pytestmark = pytest.mark.django_db
NAME = LocalizedText.of(zh="总部", en="Head office")
DAY = [(540, 720), (810, 1080)]
WEEK = [DAY, DAY, DAY, DAY, DAY, [], []]


def create(**fields):
    return calendars.create_calendar(
        **{"name": NAME, "zone": "Asia/Shanghai", "week": WEEK, "by": None, "now": make.NOW}
        | fields
    )


@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        ({"zone": "Mars/Olympus"}, "zone", "Mars/Olympus"),
        ({"zone": "../etc/passwd"}, "zone", "../etc/passwd"),
        ({"week": [[]] * 7}, "never_open", ""),
        ({"week": [[(600, 540)], *[[]] * 6]}, "reversed", "10:00–09:00"),
        ({"week": [[(600, 1500)], *[[]] * 6]}, "reversed", "10:00–25:00"),
        ({"week": [[], [(540, 720), (700, 800)], *[[]] * 5]}, "overlap", "11:40–13:20"),
        ({"week": [DAY] * 6}, "week", ""),
    ],
)
def test_hours_that_make_no_calendar_are_refused_by_name_and_nothing_is_stored(fields, code, named):
    with pytest.raises(CalendarError) as refused:
        create(**fields)

    assert refused.value.code == code
    assert named in refused.value.messages[0]
    assert BusinessCalendar.objects.count() == 0


def test_intervals_may_touch_and_end_at_midnight():
    made = create(week=[[(1080, 1440), (540, 720), (720, 780)], *[[]] * 6])

    assert calendars.week_of(made)[0] == [[540, 720], [720, 780], [1080, 1440]]


def test_the_first_calendar_is_the_default_until_another_is_chosen():
    first, second = create(), create()
    assert queries.default_calendar() == first

    calendars.make_default(calendar=second, by=None, now=make.NOW)

    assert queries.default_calendar() == second
    assert BusinessCalendar.objects.filter(is_default=True).count() == 1


def test_a_change_of_hours_raises_the_revision_and_moves_due_times():
    made = create()
    friday = datetime.fromisoformat("2026-03-06T17:30:00+08:00")
    before = queries.prepared_calendar(made).due(friday, timedelta(hours=1))

    changed = calendars.change_calendar(
        calendar=made,
        name=NAME,
        zone="Asia/Shanghai",
        week=[DAY, DAY, DAY, DAY, DAY, [(600, 660)], []],
        revision=1,
        by=None,
        now=make.NOW,
    )

    assert changed.revision == 2
    after = queries.prepared_calendar(changed).due(friday, timedelta(hours=1))
    assert before == datetime.fromisoformat("2026-03-09T09:30:00+08:00")
    assert after == datetime.fromisoformat("2026-03-07T10:30:00+08:00")


def test_a_change_of_the_name_alone_keeps_the_revision():
    made = create()

    changed = calendars.change_calendar(
        calendar=made,
        name=LocalizedText.of(en="Office"),
        zone="Asia/Shanghai",
        week=WEEK,
        revision=1,
        by=None,
        now=make.NOW,
    )

    assert changed.revision == 1


def test_a_stale_change_is_refused():
    made = create()
    calendars.set_exceptions(
        calendar=made, days=[date(2026, 3, 3)], kind="closed", by=None, now=make.NOW
    )
    with pytest.raises(CalendarError) as refused:
        calendars.change_calendar(
            calendar=made, name=NAME, zone="UTC", week=WEEK, revision=1, by=None, now=make.NOW
        )
    assert refused.value.code == "stale"


def test_dates_close_open_or_take_special_hours():
    made = create()

    def say(day, kind, hours=()):
        calendars.set_exceptions(
            calendar=made, days=[date(2026, 3, day)], kind=kind, hours=hours, by=None, now=make.NOW
        )

    say(2, ExceptionKind.CLOSED)
    say(7, ExceptionKind.WORKED)
    say(8, ExceptionKind.SPECIAL, [(600, 660)])
    made.refresh_from_db()
    prepared = queries.prepared_calendar(made)

    def worked(day):
        start = datetime.fromisoformat(f"2026-03-{day:02d}T00:00:00+08:00")
        return prepared.worked_between(start, start + timedelta(days=1))

    assert [worked(day) for day in (1, 2, 3, 7, 8)] == [
        timedelta(),
        timedelta(),
        timedelta(hours=7.5),
        timedelta(hours=7.5),
        timedelta(hours=1),
    ]


@pytest.mark.parametrize(
    ("kind", "hours", "code"),
    [("special", [], "no_hours"), ("closed", [(540, 600)], "closed_hours")],
)
def test_dates_whose_hours_do_not_fit_their_kind_are_refused(kind, hours, code):
    made = create()
    with pytest.raises(CalendarError) as refused:
        calendars.set_exceptions(
            calendar=made, days=[date(2026, 3, 3)], kind=kind, hours=hours, by=None, now=make.NOW
        )
    assert refused.value.code == code


def test_a_calendar_may_not_lose_its_only_opening():
    made = create()
    special = [(600, 660)]
    calendars.set_exceptions(
        calendar=made,
        days=[date(2026, 3, 3)],
        kind="special",
        hours=special,
        by=None,
        now=make.NOW,
    )
    calendars.change_calendar(
        calendar=made, name=NAME, zone="UTC", week=[[]] * 7, revision=2, by=None, now=make.NOW
    )

    with pytest.raises(CalendarError) as refused:
        calendars.remove_exception(calendar=made, day=date(2026, 3, 3), by=None, now=make.NOW)
    assert refused.value.code == "never_open"


def test_the_national_pack_is_loaded_once_and_leaves_dates_set_by_hand_alone():
    made = create(country="CN")
    by_hand = date(2026, 2, 14)
    calendars.set_exceptions(calendar=made, days=[by_hand], kind="closed", by=None, now=make.NOW)

    first = national_days.load_national_days(calendar=made, years=[2026], by=None, now=make.NOW)
    made.refresh_from_db()
    revision = made.revision
    again = national_days.load_national_days(calendar=made, years=[2026], by=None, now=make.NOW)

    # 33 days off and 6 make-up days in 2026; one of them was set by hand.
    assert (first.added, first.kept, first.published) == (38, 1, True)
    assert (again.added, again.removed, again.changed) == (0, 0, False)
    made.refresh_from_db()
    assert made.revision == revision
    assert made.exceptions.get(date=by_hand).kind == ExceptionKind.CLOSED


def test_a_year_is_provisional_until_published_or_confirmed():
    made = create(country="CN")
    national_days.load_national_days(calendar=made, years=[2026, 2027], by=None, now=make.NOW)

    assert not queries.is_provisional(made, date(2026, 12, 31))
    assert queries.is_provisional(made, date(2027, 1, 1))
    assert queries.is_provisional(made, date(2028, 1, 1))

    national_days.confirm_year(calendar=made, year=2027, by=None, now=make.NOW)
    national_days.load_national_days(calendar=made, years=[2027], by=None, now=make.NOW)
    assert not queries.is_provisional(made, date(2027, 1, 1))


def test_a_calendar_of_no_country_is_never_provisional_and_has_no_pack():
    made = create()

    assert not queries.is_provisional(made, date(2027, 1, 1))
    with pytest.raises(CalendarError):
        national_days.load_national_days(calendar=made, years=[2026], by=None, now=make.NOW)


def test_make_up_days_and_holidays_count_in_due_times():
    made = create(country="CN")
    national_days.load_national_days(calendar=made, years=[2026], by=None, now=make.NOW)
    made.refresh_from_db()

    # Saturday 2026-02-28 is worked; 14 February too; the break runs 15 to 23 February.
    friday = datetime.fromisoformat("2026-02-13T17:00:00+08:00")
    due = queries.prepared_calendar(made).due(friday, timedelta(hours=9))

    assert due == datetime.fromisoformat("2026-02-24T09:30:00+08:00")


def test_a_copy_has_the_same_hours_and_is_not_the_default():
    made = create(country="CN")
    national_days.load_national_days(calendar=made, years=[2026], by=None, now=make.NOW)

    copied = calendars.copy_calendar(
        calendar=made, name=LocalizedText.of(en="Plant"), by=None, now=make.NOW
    )

    assert not copied.is_default
    assert queries.calendar_spec(copied) == queries.calendar_spec(made)


def test_only_an_administrator_changes_calendars():
    with pytest.raises(PermissionDenied):
        create(by=make.person())
