"""Notices by mail: one mail for many, nothing twice, nothing one may not read, in the reader's hours and language."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.urls import reverse

from neike.desk import actions
from neike.kernel.mail.models import OutboundMail
from neike.kernel.notices import actions as notice_actions
from neike.kernel.notices import rounds
from neike.kernel.notices.choices import DeliveryState
from neike.kernel.notices.jobs import look_for_due
from neike.kernel.notices.kinds import MAIL
from neike.kernel.notices.models import ChannelPace, Notice, NoticeDelivery
from neike.org.models import Absence, Person, Substitution
from tests.make import desk as make
from tests.make.background import run_background, run_outbox
from tests.make.desk import at

pytestmark = pytest.mark.django_db
NOW = at("2 11:00")


def work(now: datetime) -> None:
    """Do what workers do at a moment."""
    look_for_due(now=now)
    run_background(now)


def mails_to(person: Person) -> list[EmailMultiAlternatives]:
    return [one for one in outbox.outbox if person.email in one.to[0]]  # type: ignore[operator,misc]


def english(*people: Person) -> None:
    for person in people:
        person.language = "en"
        person.save()


@pytest.fixture
def it():
    company = make.company()
    english(company.anna, company.ivan, company.it_head)
    return company


def test_work_given_to_somebody_comes_by_mail_at_once_in_their_language(it):
    leg = it.submit(now=NOW).legs.get()
    actions.assign_leg(leg=leg, by=it.it_head, to=it.ivan, version=leg.version, now=NOW)

    run_background(NOW)

    (sent,) = mails_to(it.ivan)
    assert sent.subject == f"Assigned to you: {leg.ticket} Laptop"
    assert "The next move is yours." in sent.body
    assert leg.ticket.path in sent.body
    html = str(sent.alternatives[0][0])
    assert reverse("notices:mute", args=["ticket", leg.ticket_id]) in html
    assert reverse("notices:preferences") in html
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_several_messages_about_one_request_make_one_mail(it):
    ticket = it.accepted(now=NOW).ticket
    for number in range(4):
        moment = NOW + timedelta(seconds=20 * number)
        actions.post_message(ticket=ticket, by=it.ivan, body=f"{number}", now=moment)

    work(NOW + timedelta(minutes=2))
    assert mails_to(it.anna) == []
    work(NOW + timedelta(minutes=5))

    (sent,) = mails_to(it.anna)
    assert sent.subject == f"4 notices about {ticket} Laptop"
    assert sent.body.count("Ivan wrote") == 4
    work(NOW + timedelta(hours=1))
    assert len(mails_to(it.anna)) == 1


def test_what_was_read_meanwhile_is_not_mailed(it):
    ticket = it.accepted(now=NOW).ticket
    actions.post_message(ticket=ticket, by=it.ivan, body="x", now=NOW)
    run_background(NOW)
    notice_actions.mark_all_read(person=it.anna, now=NOW)

    work(NOW + timedelta(minutes=10))

    assert mails_to(it.anna) == []


def test_a_mail_at_night_waits_for_the_working_day_of_its_reader(it):
    night = at("2 23:00")
    leg = it.submit(now=night).legs.get()
    actions.assign_leg(leg=leg, by=it.it_head, to=it.ivan, version=leg.version, now=night)

    work(night)
    work(at("3 07:59"))
    assert mails_to(it.ivan) == []
    work(at("3 09:00"))

    assert len(mails_to(it.ivan)) == 1


def test_an_urgent_request_comes_at_night_unless_its_reader_forbids_it(it):
    notice_actions.keep_preferences(person=it.it_head, urgent_anytime=False)
    night = at("2 23:00")
    leg = it.submit(now=night, priority="1").legs.get()
    actions.assign_leg(leg=leg, by=it.it_head, to=it.ivan, version=leg.version, now=night)

    work(night)

    assert len(mails_to(it.ivan)) == 1
    assert mails_to(it.it_head) == []


def test_two_hundred_requests_at_once_make_one_mail_per_window_that_says_how_many(it):
    for _number in range(12):
        it.submit(now=NOW)
    run_background(NOW)
    for _number in range(40):
        it.submit(now=NOW + timedelta(minutes=1))
    for minute in range(1, 10):
        work(NOW + timedelta(minutes=minute))
    first = len(mails_to(it.it_head))
    work(NOW + timedelta(minutes=11))

    assert first == 1
    _one, sent = mails_to(it.it_head)
    told = NoticeDelivery.objects.filter(person=it.it_head, state=DeliveryState.TOLD)
    assert told.count() == 52
    found = re.search(r"(\d+) notices for you", sent.subject)
    assert found
    assert int(found.group(1)) >= 40
    assert "more: see the list of your notices." in sent.body


def test_the_digest_holds_each_notice_once_and_comes_at_its_time(it):
    notice_actions.keep_preferences(
        person=it.it_head, choices={"desk.leg_offered": {"mail": "digest"}}, digest_at=17 * 60
    )
    tickets = [it.submit(now=NOW) for _number in range(3)]

    work(at("2 16:59"))
    assert mails_to(it.it_head) == []
    work(at("2 17:00"))
    work(at("3 17:00"))

    (sent,) = mails_to(it.it_head)
    assert sent.subject == "Your digest: 3 notices"
    assert all(sent.body.count(f"To be accepted: {ticket} ") == 1 for ticket in tickets)


def test_what_one_may_no_longer_read_is_not_told(it):
    ticket = it.accepted(now=NOW).ticket
    actions.add_participant(ticket=ticket, by=it.anna, person=it.fei, now=NOW)
    run_background(NOW)
    actions.post_message(ticket=ticket, by=it.ivan, body="secret", now=NOW)
    run_background(NOW)
    actions.remove_participant(ticket=ticket, by=it.anna, person=it.fei, now=NOW)

    for moment in (NOW + timedelta(minutes=5), at("3 09:00")):
        work(moment)

    assert mails_to(it.fei) == []
    assert not NoticeDelivery.objects.filter(person=it.fei, state=DeliveryState.WAITING).exists()


def test_rights_are_asked_again_when_the_mail_is_written(it):
    ticket = it.accepted(now=NOW).ticket
    actions.add_participant(ticket=ticket, by=it.anna, person=it.fei, now=NOW)
    actions.post_message(ticket=ticket, by=it.ivan, body="x", now=NOW)
    run_background(NOW)
    later = NOW + timedelta(minutes=5)
    assert rounds.tell_round(person_id=it.fei.pk, channel=MAIL, now=later) is not None
    actions.remove_participant(ticket=ticket, by=it.anna, person=it.fei, now=later)

    run_background(later)

    assert mails_to(it.fei) == []
    assert OutboundMail.objects.get(person=it.fei).reason == "not_permitted"


def test_of_a_confidential_request_only_kind_and_number_are_said(it):
    ticket = it.accepted(now=NOW, title="Harassment").ticket
    actions.post_message(ticket=ticket, by=it.ivan, body="x", now=NOW)
    run_background(NOW)
    ticket.confidential = True
    ticket.save(update_fields=["confidential"])

    work(NOW + timedelta(minutes=5))

    (sent,) = mails_to(it.anna)
    assert sent.subject == f"Somebody wrote: {ticket}"
    assert "Harassment" not in sent.body + str(sent.alternatives[0][0])
    assert "Ivan" not in sent.body


def test_the_queue_holds_ids_only(it):
    ticket = it.accepted(now=NOW, title="Broken leg").ticket
    actions.post_message(ticket=ticket, by=it.ivan, body="Painful", now=NOW)
    run_background(NOW)
    work(NOW + timedelta(minutes=5))

    (queued,) = OutboundMail.objects.filter(person=it.anna)
    assert set(queued.context) == {"bundle", "mute"}
    assert queued.context["mute"] == f"ticket:{ticket.pk}"


def test_a_muted_request_is_silent_but_what_is_ones_move_still_comes(it):
    ticket = it.accepted(now=NOW).ticket
    run_background(NOW)
    notice_actions.mute(person=it.anna, subject=f"ticket:{ticket.pk}", now=NOW)
    actions.post_message(ticket=ticket, by=it.ivan, body="x", now=NOW)
    run_background(NOW)
    work(NOW + timedelta(minutes=5))

    assert mails_to(it.anna) == []
    (silent,) = Notice.objects.filter(person=it.anna, kind="desk.message_posted")
    assert silent.read_at is not None
    leg = make.fresh(ticket.legs.get())
    actions.wait_leg(
        leg=leg,
        by=it.ivan,
        waiting_on="requester",
        reason_given="Which one?",
        follow_up_at=NOW + timedelta(days=1),
        version=leg.version,
        now=NOW,
    )
    run_background(NOW)
    assert [one.subject for one in mails_to(it.anna)] == [f"A question for you: {ticket} Laptop"]


def test_the_bell_may_stay_silent_while_mails_come(it):
    notice_actions.keep_preferences(
        person=it.anna, choices={"desk.message_posted": {"product": "off", "mail": "at_once"}}
    )
    ticket = it.accepted(now=NOW).ticket
    actions.post_message(ticket=ticket, by=it.ivan, body="x", now=NOW)
    run_background(NOW)
    work(NOW + timedelta(minutes=5))

    assert len(mails_to(it.anna)) == 1
    assert Notice.objects.get(person=it.anna).read_at is not None


def test_who_stands_in_is_told_and_the_absent_gets_it_after_the_return(it):
    ends = at("4 09:00")
    Absence.objects.create(person=it.it_head, starts_at=at("1 00:00"), ends_at=ends)
    Substitution.objects.create(
        person=it.it_head, substitute=it.ines, starts_at=at("1 00:00"), ends_at=ends
    )
    english(it.ines)
    it.submit(now=NOW)
    run_background(NOW)

    (sent,) = mails_to(it.ines)
    assert "You stand in for Ito." in sent.body
    assert mails_to(it.it_head) == []
    work(at("4 09:00"))
    assert len(mails_to(it.it_head)) == 1


def test_changed_preferences_hold_for_what_already_waits(it):
    ticket = it.accepted(now=NOW).ticket
    actions.post_message(ticket=ticket, by=it.ivan, body="x", now=NOW)
    run_background(NOW)
    notice_actions.keep_preferences(
        person=it.anna, choices={"desk.message_posted": {"mail": "off"}}
    )

    work(NOW + timedelta(minutes=5))

    assert mails_to(it.anna) == []


def test_telling_costs_the_same_for_one_person_and_for_thirty(it, django_assert_max_num_queries):
    from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 - a text of this test

    from tests.make import org  # noqa: PLC0415 - as above

    costs = []
    for length in (2, 1, 30):  # the first one warms what a process keeps
        people = [org.person(f"P{length}-{each}", department=it.it) for each in range(length)]
        with django_assert_max_num_queries(40) as captured:
            notice_actions.notify_all(
                people,
                kind="desk.message_posted",
                url="/x/",
                title=_("Notices"),
                now=NOW,
                key="k",
                about=notice_actions.About(subject="ticket:1"),
            )
        costs.append(len(captured))

    assert costs[1] == costs[2]


def test_a_round_costs_the_same_for_one_notice_and_for_five(it, django_assert_max_num_queries):
    costs = []
    for length in (2, 1, 5):
        for _number in range(length):
            it.submit(now=NOW)
        run_background(NOW)
        moment = NOW + timedelta(minutes=5 + 6 * length)
        NoticeDelivery.objects.filter(person=it.it_head).update(
            state=DeliveryState.WAITING, bundle=None, due_at=NOW
        )
        ChannelPace.objects.all().delete()
        with django_assert_max_num_queries(60) as captured:
            assert rounds.tell_round(person_id=it.it_head.pk, channel=MAIL, now=moment)
        costs.append(len(captured))

    assert costs[1] == costs[2]


def at_once(*deeds: Callable[[], object]) -> list[object]:
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        start.wait()
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads cannot share SQLite's database in memory; the same runs on PostgreSQL")
    it = make.company()
    for _number in range(6):
        it.submit(now=NOW)
    run_outbox(NOW)
    later = NOW + timedelta(minutes=10)

    sent = at_once(
        *(
            lambda: rounds.tell_round(person_id=it.it_head.pk, channel=MAIL, now=later)
            for _worker in range(4)
        )
    )

    assert sum(one is not None for one in sent) == 1
    assert OutboundMail.objects.filter(person=it.it_head).count() == 1
    told = NoticeDelivery.objects.filter(person=it.it_head, state=DeliveryState.TOLD)
    assert told.count() == 6


@pytest.mark.django_db(transaction=True)
def test_two_receivers_at_once_leave_one_notice_and_one_delivery():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads cannot share SQLite's database in memory; the same runs on PostgreSQL")
    from neike.kernel.texts import LocalizedText  # noqa: PLC0415 - a text of this test

    it = make.company()
    at_once(
        *(
            lambda: notice_actions.notify(
                person=it.anna,
                kind="desk.leg_assigned",
                url="/x/",
                title=LocalizedText.of(zh="你好", en="Hello"),
                now=NOW,
                key="once",
            )
            for _worker in range(4)
        )
    )

    assert Notice.objects.filter(person=it.anna).count() == 1
    assert NoticeDelivery.objects.filter(person=it.anna).count() == 1
