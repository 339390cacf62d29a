"""A change of hours says beforehand which promises move; afterwards open clocks follow and verdicts stay (R15)."""

from dataclasses import replace
from datetime import UTC

import pytest
from django.urls import reverse

from neike.desk import jobs
from neike.desk.models import Ticket
from neike.desk.queries.calendars import Moves, moves_on_calendar
from neike.engines.worktime import Shift
from neike.org import queries as org_queries
from neike.org.actions import calendar_trials, calendars
from neike.org.choices import ExceptionKind
from neike.org.models import BusinessCalendar
from tests.desk.test_scenarios import resolve
from tests.make import desk as make
from tests.make import org
from tests.make.background import run_background
from tests.make.desk import at

pytestmark = pytest.mark.django_db
THURSDAY = at("5 17:00")
FRIDAY = at("6 00:00").date()


@pytest.fixture
def on_thursday(monkeypatch):
    """The pages' clock stands at Thursday, five in the afternoon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: THURSDAY.astimezone(UTC))


def _spec(it):
    return org_queries.calendar_spec(it.calendar)


def test_s4_the_page_asks_first_then_open_clocks_move_and_verdicts_stay(client_for, on_thursday):
    it = make.company(minutes={"end_to_end": 300})
    leg, done = it.accepted(now=at("5 16:00")), it.accepted(now=at("4 10:00"))
    resolve(done.ticket, it.ivan, at("4 15:00"))
    given = make.clock(done.ticket, "end_to_end")
    client = client_for(org.administrator(language="en"))
    url = reverse("org:set_calendar_dates", args=[it.calendar.public_id])
    data = {"first": FRIDAY.isoformat(), "kind": "closed"}

    question = client.post(url, data)
    page = question.content.decode()
    assert "1 open request gets another due time." in page
    assert "overdue" not in page
    assert not it.calendar.exceptions.exists()
    assert BusinessCalendar.objects.get().revision == it.calendar.revision

    saved = client.post(url, {**data, "agreed": question.context["agreed"]})
    assert saved.status_code == 302
    assert [each.date for each in it.calendar.exceptions.all()] == [FRIDAY]
    jobs.look_for_changed_hours.function(now=THURSDAY)
    run_background(THURSDAY)

    assert Ticket.objects.get(pk=leg.ticket_id).due_at == at("9 12:00")
    kept = make.clock(done.ticket, "end_to_end")
    assert (kept.state, kept.used_seconds, kept.due_at) == (
        given.state,
        given.used_seconds,
        given.due_at,
    )


def test_an_agreement_to_one_change_is_none_to_another(client_for, on_thursday):
    it = make.company(minutes={"end_to_end": 300})
    it.accepted(now=at("5 16:00"))
    client = client_for(org.administrator())
    url = reverse("org:set_calendar_dates", args=[it.calendar.public_id])
    question = client.post(url, {"first": FRIDAY.isoformat(), "kind": "closed"})

    other = {"first": FRIDAY.isoformat(), "last": "2026-03-09", "kind": "closed"}
    again = client.post(url, {**other, "agreed": question.context["agreed"]})

    assert again.status_code == 200
    assert not it.calendar.exceptions.exists()


def test_a_change_that_moves_nothing_is_saved_at_once_and_a_refused_one_is_refused(
    client_for, on_thursday
):
    it = make.company(minutes={"end_to_end": 300})
    it.accepted(now=at("5 16:00"))
    client = client_for(org.administrator())
    url = reverse("org:set_calendar_dates", args=[it.calendar.public_id])

    assert client.post(url, {"first": "2026-05-01", "kind": "special"}).status_code == 422
    assert client.post(url, {"first": "2026-05-01", "kind": "closed"}).status_code == 302


def test_removing_a_date_asks_too(client_for, on_thursday):
    it = make.company(minutes={"end_to_end": 300})
    [friday] = calendars.set_exceptions(
        calendar=it.calendar, days=[FRIDAY], kind=ExceptionKind.CLOSED, by=None, now=at("4 09:00")
    )
    it.accepted(now=at("5 16:00"))
    client = client_for(org.administrator())
    url = reverse("org:remove_calendar_date", args=[it.calendar.public_id, friday.pk])

    question = client.post(url)
    assert it.calendar.exceptions.exists()
    client.post(url, {"agreed": question.context["agreed"]})

    assert not it.calendar.exceptions.exists()


def test_longer_hours_make_a_request_overdue_at_once():
    it = make.company(minutes={"end_to_end": 300})
    it.accepted(now=at("5 16:00"))
    night = replace(_spec(it), special=((at("5 00:00").date(), (Shift(opens=0, closes=86400),)),))

    assert moves_on_calendar(it.calendar.pk, _spec(it), now=at("5 22:00")) == Moves(0, 0)
    assert moves_on_calendar(it.calendar.pk, night, now=at("5 20:00")) == Moves(1, 0)
    assert moves_on_calendar(it.calendar.pk, night, now=at("5 22:00")) == Moves(1, 1)


def test_a_trial_leaves_nothing_behind():
    it = make.company()

    spec = calendar_trials.tried(
        it.calendar,
        lambda: calendars.set_exceptions(
            calendar=it.calendar, days=[FRIDAY], kind=ExceptionKind.CLOSED, by=None, now=THURSDAY
        ),
    )

    assert spec.closed == {FRIDAY}
    assert _spec(it).closed == frozenset()
    assert BusinessCalendar.objects.get().revision == it.calendar.revision


@pytest.mark.parametrize("length", [1, 3])
def test_the_preview_costs_the_same_for_one_request_as_for_three(django_assert_num_queries, length):
    it = make.company(minutes={"end_to_end": 300})
    for _ in range(length):
        it.accepted(now=at("5 16:00"))
    closed = replace(_spec(it), closed=frozenset({FRIDAY}))

    with django_assert_num_queries(4):
        assert moves_on_calendar(it.calendar.pk, closed, now=THURSDAY).moved == length
