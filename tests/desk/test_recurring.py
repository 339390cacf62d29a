"""Requests that are made again on a schedule: once per date, told, and stopped when they cannot go on."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from neike.catalog.choices import ServiceState
from neike.catalog.models import FormVersion
from neike.desk import jobs
from neike.desk.actions import recurring
from neike.desk.actions.recurring import Schedule, ScheduleError
from neike.desk.choices import Channel, RecurringState, StopReason
from neike.desk.models import RecurringRequest, Ticket
from neike.desk.policies import standing
from neike.desk.queries.recurring import due_recurring, next_dates, recurring_visible_to
from neike.kernel.notices.models import Notice
from tests.make import desk as make
from tests.make.background import run_jobs, run_outbox
from tests.make.desk import at

pytestmark = pytest.mark.django_db
NOW = at("2 10:00")  # a Monday
MONDAYS = Schedule(rhythm="weekly", day=1, starts=date(2026, 3, 3))


def set_up(it, **more):
    """Let Anna of HR ask IT every Monday."""
    given = {
        "service": it.service,
        "by": it.anna,
        "answers": {},
        "title": "Clean the printer",
        "schedule": MONDAYS,
        "now": NOW,
        **more,
    }
    return recurring.set_up_recurring(**given)


def test_it_is_made_once_on_its_day_however_often_the_job_runs():
    it = make.company()
    one = set_up(it)

    early = recurring.make_due(recurring_id=one.pk, now=at("8 12:00"))
    first = recurring.make_due(recurring_id=one.pk, now=at("9 09:00"))
    again = recurring.make_due(recurring_id=one.pk, now=at("9 09:15"))
    second = recurring.make_due(recurring_id=one.pk, now=at("16 09:00"))

    one.refresh_from_db()
    assert (early, again) == (None, None)
    assert first is not None
    assert second is not None
    assert (first.title, first.requester, first.service) == (
        "Clean the printer",
        it.anna,
        it.service,
    )
    assert [run.by_rule for run in one.runs.all()] == [date(2026, 3, 16), date(2026, 3, 9)]
    assert one.next_on == date(2026, 3, 23)
    assert Ticket.objects.count() == 2


def test_of_several_missed_dates_only_the_latest_is_made():
    it = make.company()
    one = set_up(it)

    recurring.make_due(recurring_id=one.pk, now=at("25 09:00"))

    one.refresh_from_db()
    assert [run.by_rule for run in one.runs.all()] == [date(2026, 3, 23)]
    assert one.next_on == date(2026, 3, 30)


def test_the_last_date_ends_it():
    it = make.company()
    one = set_up(it, schedule=Schedule("weekly", 1, date(2026, 3, 3), date(2026, 3, 10)))

    recurring.make_due(recurring_id=one.pk, now=at("9 09:00"))

    one.refresh_from_db()
    assert (one.state, one.stop_reason) == (RecurringState.STOPPED, StopReason.OVER)
    assert Ticket.objects.count() == 1


def _retired(it):
    it.service.state = ServiceState.RETIRED
    it.service.save()


def _left(it):
    it.anna.left_on = date(2026, 3, 5)
    it.anna.save()


def _changed_form(it):
    fields = [{"key": "a", "type": "text", "required": True, "label": {"source": "en", "en": "A"}}]
    it.service.form = FormVersion.objects.create(
        service=it.service, version=2, fields=fields, created_at=NOW
    )
    it.service.save()


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_retired, StopReason.NOT_OFFERED),
        (_left, StopReason.LEFT),
        (_changed_form, StopReason.FORM),
    ],
)
def test_it_stops_with_a_reason_when_it_cannot_go_on(happens, reason):
    it = make.company()
    one = set_up(it)
    happens(it)

    made = recurring.make_due(recurring_id=one.pk, now=at("9 09:00"))

    one.refresh_from_db()
    assert made is None
    assert (one.state, one.stop_reason, one.next_on) == (RecurringState.STOPPED, reason, None)
    assert not Ticket.objects.exists()


def test_a_pause_leaves_dates_out():
    it = make.company()
    one = set_up(it)

    recurring.pause_recurring(one=one, by=it.anna, now=at("3 09:00"))
    assert due_recurring(date(2026, 3, 9)) == []
    recurring.resume_recurring(one=one, by=it.anna, now=at("18 09:00"))

    one.refresh_from_db()
    assert (one.state, one.next_on) == (RecurringState.ACTIVE, date(2026, 3, 23))
    recurring.stop_recurring(one=one, by=it.anna, now=at("19 09:00"))
    one.refresh_from_db()
    assert one.stop_reason == StopReason.BY_HAND


def test_only_those_concerned_see_and_stop_it():
    it = make.company()
    one = set_up(it)

    assert list(recurring_visible_to(standing(it.anna, now=NOW))) == [one]
    assert list(recurring_visible_to(standing(it.fang, now=NOW))) == []
    with pytest.raises(PermissionDenied):
        recurring.stop_recurring(one=one, by=it.fang, now=NOW)
    with pytest.raises(PermissionDenied):
        set_up(it, by=it.fang, requester=it.anna)


def test_on_behalf_the_person_sees_it_and_the_request_is_theirs():
    it = make.company()
    one = set_up(it, by=it.ivan, requester=it.anna)

    ticket = recurring.make_due(recurring_id=one.pk, now=at("9 09:00"))

    assert ticket is not None
    assert (ticket.requester, ticket.raised_by, ticket.channel) == (
        it.anna,
        it.ivan,
        Channel.ON_BEHALF,
    )
    assert list(recurring_visible_to(standing(it.anna, now=NOW))) == [one]


def test_a_schedule_without_a_date_is_refused():
    it = make.company()

    with pytest.raises(ScheduleError):
        set_up(it, schedule=Schedule("weekly", 1, date(2026, 3, 3), date(2026, 3, 7)))
    with pytest.raises(ScheduleError):
        set_up(it, schedule=Schedule("weekly", 9, date(2026, 3, 3)))


def test_a_date_moves_by_the_calendar_of_the_requester():
    it = make.company()
    one = set_up(it, schedule=Schedule("monthly", 1, date(2026, 3, 3)))

    # 1 August 2026 is a Saturday
    assert [each.on for each in next_dates(one, 5, on=NOW.date())][-1] == date(2026, 8, 3)


def test_people_are_told_what_was_made_and_why_it_stopped():
    it = make.company()
    one = set_up(it)
    jobs.look_for_recurring.run(now=at("9 09:00")) if hasattr(
        jobs.look_for_recurring, "run"
    ) else jobs.look_for_recurring(now=at("9 09:00"))
    run_jobs(at("9 09:01"))
    _retired(it)
    recurring.make_due(recurring_id=one.pk, now=at("16 09:00"))

    run_outbox(at("16 09:01"))
    told = {notice.kind for notice in Notice.objects.filter(person=it.anna)}
    assert {"desk.recurring_made", "desk.recurring_stopped"} <= told


def test_setting_up_pausing_and_stopping_in_the_pages(client_for):
    it = make.company()
    it.anna.language = "en"
    it.anna.save()
    client = client_for(it.anna)

    page = client.get(reverse("desk:recurring_new", args=[it.service.key]))
    sent = client.post(
        reverse("desk:recurring_new", args=[it.service.key]),
        {"title": "Again", "rhythm": "monthly", "month_day": "0", "starts": "2030-01-01"},
    )
    one = RecurringRequest.objects.get()
    act = reverse("desk:recurring_act", args=[one.public_id])
    client.post(act, {"do": "pause"})

    assert page.status_code == 200
    assert sent.status_code == 302
    assert (one.title, one.day, one.next_on) == ("Again", 0, date(2030, 1, 31))
    assert "paused" in client.get(reverse("desk:recurring")).content.decode()
    assert client_for(it.fang).post(act, {"do": "stop"}).status_code == 404
    wrong = client.post(
        reverse("desk:recurring_new", args=[it.service.key]),
        {"rhythm": "weekly", "weekday": "1", "starts": "2030-01-07", "ends": "2030-01-01"},
    )
    assert wrong.status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_any_length(client_for, django_assert_max_num_queries, count):
    it = make.company()
    for _number in range(count):
        set_up(it)
    client = client_for(it.anna)
    client.get(reverse("desk:recurring"))

    with django_assert_max_num_queries(22):
        client.get(reverse("desk:recurring"))
