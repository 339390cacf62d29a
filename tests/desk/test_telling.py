"""Who hears what, by notice and mail; the index follows; files are read as their request is."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.utils import translation

from neike.desk import actions
from neike.desk.actions import timers
from neike.desk.choices import ClockState, ReturnReason, Visibility, WaitingOn
from neike.desk.models import Clock
from neike.desk.registrations.requests import _may_read_message, _may_read_ticket
from neike.kernel import search
from neike.kernel.notices.models import Notice
from neike.org.models import Person
from tests.make import desk as make
from tests.make.background import run_jobs, run_outbox
from tests.make.desk import at

pytestmark = pytest.mark.django_db
NOW = at("2 11:00")


def heard(now=NOW) -> dict[str, list[str]]:
    """Return the kinds of notices by name, oldest first, and forget them."""
    run_outbox(now)
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.order_by("pk"):
        found.setdefault(Person.objects.get(pk=notice.person_id).name, []).append(
            notice.kind.removeprefix("desk.")
        )
    Notice.objects.all().delete()
    return found


def mails_to(person: Person) -> list[EmailMessage]:
    return [sent for sent in outbox.outbox if person.email and person.email in sent.to[0]]


def test_each_side_hears_when_it_is_their_move():
    it = make.company()
    leg = it.submit(now=NOW).legs.get()
    assert heard() == {"Ito": ["leg_offered"]}
    leg = actions.assign_leg(leg=leg, by=it.it_head, to=it.ivan, version=leg.version, now=NOW)
    assert heard() == {"Ivan": ["leg_assigned"]}
    actions.post_message(ticket=leg.ticket, by=it.ivan, body="Hello", now=NOW)
    assert heard() == {"Anna": ["message_posted"]}
    actions.post_message(
        ticket=leg.ticket, by=it.ines, body="For us", visibility=Visibility.INTERNAL, now=NOW
    )
    assert heard() == {"Ivan": ["message_posted"]}
    asked = actions.hand_over(
        leg=make.fresh(leg),
        by=it.ivan,
        to=it.finance,
        ask="?",
        version=make.fresh(leg).version,
        now=NOW,
    )
    assert heard() == {"Fu": ["leg_offered"]}
    actions.return_leg(
        leg=asked,
        by=it.fang,
        why=ReturnReason.MISSING_INFORMATION,
        version=asked.version,
        now=NOW,
    )
    assert heard() == {"Ivan": ["leg_returned"]}
    ticket = make.fresh(leg).ticket
    actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=NOW)
    assert heard() == {"Anna": ["ticket_resolved"]}


def test_the_third_return_reaches_both_leads():
    it = make.company()
    leg = it.accepted()
    for _time in range(3):
        leg = make.fresh(leg)
        asked = actions.hand_over(
            leg=leg, by=it.ivan, to=it.finance, ask="?", version=leg.version, now=NOW
        )
        heard()
        actions.return_leg(
            leg=asked,
            by=it.fang,
            why=ReturnReason.WRONG_DEPARTMENT,
            version=asked.version,
            now=NOW,
        )
    assert heard() == {
        "Ivan": ["leg_returned"],
        "Ito": ["leg_returned"],
        "Fu": ["leg_returned"],
    }


def test_a_question_goes_out_by_mail_in_the_readers_language_unless_answered_meanwhile():
    it = make.company()
    it.anna.language = "zh-hans"
    it.anna.save()
    leg = it.accepted()
    actions.wait_leg(
        leg=leg,
        by=it.ivan,
        waiting_on=WaitingOn.REQUESTER,
        reason_given="Which model?",
        follow_up_at=NOW + timedelta(days=1),
        version=leg.version,
        now=NOW,
    )
    run_outbox(NOW)
    run_jobs(NOW)
    (sent,) = mails_to(it.anna)
    assert "Which model?" in sent.body
    with translation.override("zh-hans"):
        assert translation.gettext("Hello %(name)s,") % {"name": "Anna"} in sent.body

    actions.post_message(ticket=leg.ticket, by=it.anna, body="The blue one", now=NOW)
    ticket = make.fresh(leg).ticket
    ticket = actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=NOW)
    run_outbox(NOW)
    actions.confirm(ticket=ticket, by=it.anna, version=ticket.version, now=NOW)
    run_jobs(NOW)
    assert len(mails_to(it.anna)) == 1


def test_a_confidential_request_is_named_by_its_number_only():
    it = make.company(confidential=True)
    it.submit(title="Harassment", now=NOW)
    run_outbox(NOW)
    assert all("Harassment" not in str(notice.title.texts) for notice in Notice.objects.all())
    assert Notice.objects.count() == 1


def test_a_promise_warns_once_per_step_and_only_in_working_hours():
    it = make.company(minutes={"leg_delivery": 480})
    leg = it.accepted(now=at("2 10:00"))
    clock = make.clock(leg.ticket, "leg_delivery", leg=0)
    assert (clock.warn_at, clock.due_at) == (at("2 17:30"), at("3 10:30"))
    heard()
    assert not timers.warn(clock_id=clock.pk, now=at("2 17:00"))
    assert not timers.warn(clock_id=clock.pk, now=at("2 19:00"))
    assert timers.warn(clock_id=clock.pk, now=at("3 09:00"))
    assert not timers.warn(clock_id=clock.pk, now=at("3 09:05"))
    assert heard(at("3 09:05")) == {"Ivan": ["clock_warned"]}
    assert timers.warn(clock_id=clock.pk, now=at("3 10:30"))
    assert heard(at("3 10:30")) == {"Ivan": ["clock_warned"], "Ito": ["clock_warned"]}
    assert not timers.warn(clock_id=clock.pk, now=at("3 11:00"))
    assert Clock.objects.get(pk=clock.pk).state == ClockState.RUNNING


def found(person: Person, text: str) -> list[str]:
    return [hit.title for hit in search.search_for(person, text, now=NOW).hits]


def test_search_finds_what_one_may_read_and_nothing_else():
    it = make.company()
    leg = it.accepted(title="笔记本电脑开不了机")
    actions.post_message(ticket=leg.ticket, by=it.anna, body="battery swollen", now=NOW)
    run_outbox(NOW)
    for person in (it.anna, it.ines, it.hr_head):
        assert len(found(person, "电脑")) == 1
        assert len(found(person, "swollen")) == 1
    assert found(it.fei, "电脑") == []
    actions.add_participant(ticket=leg.ticket, by=it.anna, person=it.fei, now=NOW)
    run_outbox(NOW)
    assert len(found(it.fei, "电脑")) == 1
    actions.remove_participant(ticket=leg.ticket, by=it.anna, person=it.fei, now=NOW)
    assert found(it.fei, "电脑") == []


def test_files_are_read_as_their_request_or_message_is():
    it = make.company()
    ticket = it.accepted().ticket
    inside = actions.post_message(
        ticket=ticket, by=it.ivan, body="x", visibility=Visibility.INTERNAL, now=NOW
    )
    outside = actions.post_message(ticket=ticket, by=it.ivan, body="x", now=NOW)
    assert [_may_read_ticket(one, ticket.pk) for one in (it.anna, it.ines, it.fei)] == [
        True,
        True,
        False,
    ]
    assert [_may_read_message(one, inside.pk) for one in (it.anna, it.ines)] == [False, True]
    assert [_may_read_message(one, outside.pk) for one in (it.anna, it.fei)] == [True, False]
