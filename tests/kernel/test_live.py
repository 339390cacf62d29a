"""Signals and presence: who hears of what, in which order, and for how long it is known."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.urls import reverse

from neike.desk import actions
from neike.desk.choices import Visibility
from neike.desk.live import EVERYBODY
from neike.kernel.live import actions as live
from neike.kernel.live import grants, hub, jobs, presence, reading
from neike.kernel.live.models import Presence, Signal
from neike.kernel.live.topics import EVERYTHING, ME, MOST, granted
from neike.kernel.notices import notify
from neike.kernel.texts import LocalizedText
from neike.org.models import DepartmentVersion
from tests.make import desk as make
from tests.make.desk import MONDAY as NOW

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def it():
    return make.company()


def alone(story):
    """Return what a coroutine returns, in a thread of its own: a browser may have a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, story).result()


def topics(*after):
    return list(
        Signal.objects.filter(pk__gt=after[0] if after else 0).values_list("topic", flat=True)
    )


def last():
    found = Signal.objects.order_by("-pk").first()
    return found.pk if found else 0


def test_a_request_tells_its_page_its_queue_and_its_people(it):
    ticket = it.submit(now=NOW)

    assert set(topics()) == {
        f"ticket:{ticket.pk}", f"notes:{ticket.pk}", f"queue:{it.it.pk}", f"person:{it.anna.pk}",
    }  # fmt: skip


def test_work_that_is_refused_tells_nothing(it):
    ticket = it.submit(now=NOW)
    before = last()

    with pytest.raises(actions.TicketChangedError):
        actions.cancel(ticket=ticket, by=it.anna, version=0, now=NOW)

    assert topics(before) == []


def test_an_internal_note_tells_those_who_serve_alone(it):
    ticket = it.submit(now=NOW)
    before = last()

    actions.post_message(
        ticket=ticket, by=it.ivan, body="between us", visibility=Visibility.INTERNAL, now=NOW
    )

    assert set(topics(before)) == {f"notes:{ticket.pk}", f"queue:{it.it.pk}"}


def test_a_notice_tells_its_person(it):
    title = LocalizedText.of(zh="看", en="Look")

    notify(person=it.anna, kind="test.look", url="/x/", title=title, now=NOW)

    assert topics() == [f"person:{it.anna.pk}"]


def heard(person, *asked):
    return {topic: set(words) for topic, words in granted(person, asked, now=NOW).items()}


def test_one_hears_of_what_one_may_read_and_of_nothing_else(it):
    ticket = it.submit(now=NOW)
    asked = [f"{kind}:{ticket.pk}" for kind in ("ticket", "notes", "presence")]
    asked += [f"queue:{it.it.pk}", f"queue:{it.finance.pk}", f"person:{it.anna.pk}"]

    assert set(heard(it.anna, *asked)) == {f"ticket:{ticket.pk}", f"person:{it.anna.pk}"}
    assert set(heard(it.ivan, *asked)) == {*asked[:3], f"queue:{it.it.pk}"}
    assert set(heard(it.fang, *asked)) == {f"queue:{it.finance.pk}"}


def test_a_confidential_request_is_heard_of_by_those_who_are_on_it(it):
    ticket = it.submit(now=NOW, confidential=True)

    assert heard(it.ines, f"ticket:{ticket.pk}", f"notes:{ticket.pk}") == {}
    assert set(heard(it.it_head, f"ticket:{ticket.pk}")) == {f"ticket:{ticket.pk}"}


def test_me_is_what_moves_ones_own_numbers(it):
    company = DepartmentVersion.objects.get(department=it.it).parent_id
    numbers = {f"person:{it.ivan.pk}", f"queue:{it.it.pk}"}
    told = {f"notices:{pk}" for pk in (EVERYBODY, company, it.it.pk)}

    assert heard(it.ivan, ME) == {topic: {ME} for topic in numbers | told}
    assert heard(it.ivan, ME, f"queue:{it.it.pk}")[f"queue:{it.it.pk}"] == {ME, f"queue:{it.it.pk}"}


NONSENSE = ["", ":", "ticket", "ticket:", "ticket:x", "ticket:-1", "ticket:1:2", "queue:٣", "x:1"]
NONSENSE += ["ticket:" + "9" * 40, "session:1", "\x00:1"]


def test_nonsense_is_not_heard(it):
    assert heard(it.ivan, *NONSENSE) == {}


def test_asking_costs_the_same_for_many_topics(it, django_assert_max_num_queries):
    tickets = [it.submit(now=NOW) for _ in range(5)]
    few, many = tickets[:1], tickets

    def cost(some):
        with django_assert_max_num_queries(40) as counted:
            heard(it.ivan, ME, *(f"notes:{each.pk}" for each in some))
        return len(counted)

    cost(few)  # reads what this process keeps from then on

    assert cost(few) == cost(many)


def test_only_so_many_topics_are_heard(it):
    asked = [f"person:{10**9 + number}" for number in range(MOST)]

    assert heard(it.ivan, *asked, f"person:{it.ivan.pk}") == {}


def opened(person, *asked, since=NOW, now=NOW):
    return grants.grant(person, asked=asked, session="s", since=since, now=now)


def test_a_connection_opens_with_what_changed_since_its_page_was_made(it):
    mine = f"person:{it.anna.pk}"
    live.changed(mine, now=NOW - timedelta(seconds=30))
    live.changed(mine, "person:0", now=NOW - SECOND)

    assert opened(it.anna, mine).first == {mine}
    assert opened(it.anna, mine, now=NOW + 10 * SECOND, since=NOW + 10 * SECOND).first == set()
    assert opened(it.anna, mine, since=NOW - timedelta(hours=1)).first == {mine, EVERYTHING}
    assert opened(it.anna, mine, since=NOW + timedelta(days=9)).since <= NOW


@pytest.mark.parametrize("text", ["", "x", "-5", "1e9", "9" * 30, "٣"])
def test_a_moment_that_is_none_is_ignored(text):
    assert grants.moment_of(text) is None


def test_a_signal_that_is_committed_late_is_still_read():
    reader = reading.SignalReader()
    first = Signal.objects.create(topic="a:1", at=NOW)
    held = Signal.objects.create(topic="b:1", at=NOW)
    late = held.pk
    held.delete()
    third = Signal.objects.create(topic="c:1", at=NOW)

    assert [news.number for news in reader.read(NOW) or []] == [first.pk, third.pk]
    Signal.objects.create(pk=late, topic="b:1", at=NOW)
    assert [news.topic for news in reader.read(NOW + SECOND) or []] == ["b:1"]
    assert reader.read(NOW + 2 * SECOND) == []
    assert reader.read(NOW + timedelta(minutes=1)) == []
    assert reader.recent == {}


def test_a_flood_is_told_as_everything(monkeypatch):
    monkeypatch.setattr(reading, "LOT", 3)
    reader = reading.SignalReader()
    live.changed(*(f"a:{number}" for number in range(9)), now=NOW)

    assert [reader.read(NOW) for _ in range(4)] == [None, None, None, []]


def test_a_listener_gathers_each_word_once_and_ends_with_its_session(it):
    grant = opened(it.anna, ME)

    async def listen():
        listener = hub.Listener(grant)
        news = [reading.News(n, f"person:{it.anna.pk}", NOW) for n in (1, 2, 3)]
        listener.hear([*news, reading.News(4, "person:0", NOW)])
        told = await listener.news(1)
        nothing = await listener.news(0.01)
        listener.hear([reading.News(5, grants.session_topic("s"), NOW)])
        return told, nothing, await listener.news(1), listener.ended

    assert alone(listen()) == ({ME}, set(), set(), True)


@pytest.mark.django_db(transaction=True)
def test_the_table_is_looked_at_only_while_somebody_listens(it, monkeypatch):
    looks = []
    monkeypatch.setattr(hub, "POLL", 0.02)
    monkeypatch.setattr(reading.SignalReader, "read", lambda _self, now: looks.append(now) or [])
    grant = opened(it.anna, ME)

    async def live_a_while():
        house = hub.Hub()
        await asyncio.sleep(0.1)
        counted = [len(looks)]
        listener = house.join(grant)
        await asyncio.sleep(0.2)
        counted.append(len(looks))
        house.leave(listener)
        await asyncio.sleep(0.1)
        counted.append(len(looks))
        await asyncio.sleep(0.1)
        counted.append(len(looks))
        return counted, house.polls

    (before, during, left, after), polls = alone(live_a_while())
    connections.close_all()

    assert before == 0
    assert during >= 2
    assert left == after
    assert not polls


def test_a_server_that_cannot_stream_answers_and_ends(it, client_for):
    answer = client_for(it.anna).get(reverse("live:listen"), {"t": ["me", "ticket:1"]})

    assert answer.status_code == 200
    assert b'"streams": false' in answer.content
    assert answer["Content-Type"] == "text/event-stream"
    assert "no-store" in answer["Cache-Control"]


def test_nobody_listens_without_signing_in(client):
    answer = client.get(reverse("live:listen"))

    assert (answer.status_code, settings.LOGIN_URL) == (302, "account_login")


def test_presence_is_told_when_it_changes_and_not_at_every_word(it):
    def said(typing, seconds):
        before = last()
        presence.note("presence:7", person=it.ivan, typing=typing, now=NOW + seconds * SECOND)
        return len(topics(before))

    assert [said(False, 0), said(False, 20), said(True, 21), said(True, 25), said(False, 40)] == [
        1, 0, 1, 0, 0,
    ]  # fmt: skip
    # at second 40 the writing had ended by itself: pages knew until when


def test_who_is_silent_is_gone_within_a_minute_and_nothing_is_kept(it):
    presence.note("presence:7", person=it.ivan, typing=True, now=NOW)

    seen = [
        [
            (each.person.name, each.typing)
            for each in presence.present("presence:7", but=0, now=NOW + d * SECOND)
        ]
        for d in (1, 9, 46)
    ]
    jobs.forget(now=NOW + 46 * SECOND)

    assert seen == [[("Ivan", True)], [("Ivan", False)], []]
    assert not Presence.objects.exists()


def test_leaving_is_told_at_once(it):
    presence.note("presence:7", person=it.ivan, typing=False, now=NOW)
    before = last()

    presence.leave("presence:7", person=it.ivan, now=NOW + SECOND)
    presence.leave("presence:7", person=it.ivan, now=NOW + SECOND)

    assert topics(before) == ["presence:7"]
    assert presence.present("presence:7", but=0, now=NOW + SECOND) == []


def test_old_signals_are_forgotten():
    live.changed("a:1", now=NOW - timedelta(minutes=9))
    live.changed("b:1", now=NOW)

    jobs.forget(now=NOW)

    assert topics() == ["b:1"]


def test_counts_of_the_page_are_answered_each_into_its_place(it, client_for):
    it.submit(now=NOW)

    page = client_for(it.ivan).get(reverse("ui:counts")).content.decode()

    assert 'hx-target="#count-desk-queue"' in page
    assert 'hx-target="#count-notices"' in page


def test_a_task_tells_the_queue_of_its_department(it):
    leg = it.accepted(now=NOW)
    before = last()

    actions.open_task(leg=leg, by=it.ivan, title="Pay", department=it.finance, now=NOW)

    assert {f"queue:{it.it.pk}", f"queue:{it.finance.pk}"} <= set(topics(before))
