"""Outages and incidents: who says and reads them, how they end, and the requests that belong to them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions, checks, policies, projections, receivers
from neike.desk.actions import department_notices as notices
from neike.desk.actions import incidents
from neike.desk.choices import BulkAction, EventKind, NoticeKind, NoticeState, RowState, TicketState
from neike.desk.events import NoticeChanged
from neike.desk.models import Clock, IncidentLink, NoticeEntry, Ticket
from neike.desk.queries import department_notices as queries
from neike.kernel.live.models import Signal
from neike.kernel.live.topics import granted
from neike.kernel.notices.models import Notice
from neike.kernel.texts import LocalizedText
from tests.make import desk as make
from tests.make import notices as told
from tests.make import org
from tests.make.desk import MONDAY, at

pytestmark = pytest.mark.django_db
WORDS = LocalizedText.of(en="The switch is being replaced.")


@pytest.fixture
def it():
    return make.company()


def visible(person, now=MONDAY):
    who = policies.standing(person, now=now)
    return list(queries.notices_visible_to(who))


# What is said, and who says it


def test_a_draft_is_read_by_its_department_only(it):
    draft = told.draft(it.it, by=it.ivan, now=MONDAY)

    assert visible(it.ines) == [draft]
    assert visible(it.it_head) == [draft]
    assert visible(it.anna) == []


def test_only_who_leads_or_serves_the_department_speaks_for_it(it):
    with pytest.raises(PermissionDenied):
        told.draft(it.it, by=it.anna, now=MONDAY)
    draft = told.draft(it.it, by=it.it_head, now=MONDAY)
    for act, more in (
        (notices.publish_notice, {}),
        (notices.update_notice, {"text": WORDS}),
        (notices.end_notice, {"text": WORDS}),
        (notices.withdraw_notice, {"why": WORDS}),
    ):
        with pytest.raises(PermissionDenied):
            act(notice=draft, version=draft.version, by=it.fang, now=MONDAY, **more)


def test_a_published_notice_is_read_by_those_it_is_meant_for_and_all_below_them(it):
    below = org.department("HR south", parent=it.hr)
    south = org.person("Su", department=below)
    notice = told.published(it.it, by=it.ivan, now=MONDAY, audience=(it.hr,))

    assert visible(it.anna) == [notice]
    assert visible(south) == [notice]
    assert visible(it.ivan) == [notice]
    assert visible(it.fang) == []


def test_a_notice_about_a_confidential_service_is_hidden_from_whom_it_is_not_offered(it):
    secret = make.service(it.it, calendar=it.calendar, confidential=True)
    secret.audience = {"departments": [str(it.hr.public_id)]}
    secret.save()
    notice = told.published(it.it, by=it.ivan, now=MONDAY, services=(secret,))

    assert visible(it.anna) == [notice]
    assert visible(it.fang) == []


def test_what_was_said_is_kept_and_cannot_be_changed(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    said = told.content(NoticeKind.INCIDENT, now=MONDAY, title=LocalizedText.of(en="Mail down"))
    notice = notices.change_notice(
        notice=notice, content=said, version=notice.version, by=it.ines, now=at("2 10:10")
    )
    notice = notices.update_notice(
        notice=notice, text=WORDS, version=notice.version, by=it.ivan, now=at("2 10:20")
    )
    notice = notices.end_notice(
        notice=notice,
        text=LocalizedText(),
        version=notice.version,
        by=it.it_head,
        now=at("2 10:30"),
    )

    rows = notice.entries.order_by("no").values_list("no", "change", "by__name", "at")
    assert list(rows) == [
        (1, "drafted", "Ivan", MONDAY),
        (2, "published", "Ivan", MONDAY),
        (3, "changed", "Ines", at("2 10:10")),
        (4, "updated", "Ivan", at("2 10:20")),
        (5, "ended", "Ito", at("2 10:30")),
    ]
    assert notice.entries.get(no=2).values["title"]["en"] == "Network down"
    assert notice.entries.get(no=3).values["title"]["en"] == "Mail down"
    with pytest.raises(DatabaseError), transaction.atomic():
        NoticeEntry.objects.filter(notice=notice).update(change="withdrawn")
    with pytest.raises(DatabaseError), transaction.atomic():
        NoticeEntry.objects.filter(notice=notice).delete()


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("outage", {"ends_at": None}, "ends_at"),
        ("outage", {"ends_at": MONDAY - timedelta(hours=1)}, "ends_at"),
        ("incident", {"ends_at": MONDAY + timedelta(hours=1)}, "ends_at"),
        ("incident", {"starts_at": MONDAY + timedelta(hours=1)}, "starts_at"),
        ("incident", {"title": LocalizedText()}, "title"),
        ("incident", {"title": LocalizedText.of(en="x" * 161)}, "title"),
        ("incident", {"body": LocalizedText.of(en="a\x00b")}, "body"),
    ],
)
def test_what_makes_no_notice_is_refused_and_says_where(it, kind, more, field):
    with pytest.raises(notices.NoticeRefusedError) as refused:
        told.draft(it.it, by=it.ivan, now=MONDAY, kind=NoticeKind(kind), **more)

    assert refused.value.field == field
    assert not NoticeEntry.objects.exists()


def test_services_of_other_departments_are_refused(it):
    with pytest.raises(notices.NoticeRefusedError) as refused:
        told.draft(it.it, by=it.ivan, now=MONDAY, services=(it.fin_other,))

    assert refused.value.field == "services"


def test_who_was_slower_is_told_and_nothing_is_saved(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    seen = notice.version
    notices.update_notice(notice=notice, text=WORDS, version=seen, by=it.ivan, now=MONDAY)

    with pytest.raises(notices.NoticeChangedError):
        notices.end_notice(notice=notice, text=WORDS, version=seen, by=it.ines, now=MONDAY)
    assert notice.entries.count() == 3


def test_an_outage_ends_by_itself_at_its_time_once(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY, kind=NoticeKind.OUTAGE)
    before, after = at("2 11:59"), at("2 12:07")
    who = policies.standing(it.anna, now=MONDAY)

    assert queries.current_notices(who, now=before) == [notice]
    assert queries.current_notices(who, now=at("2 12:00")) == []
    for now in (before, after, after):
        notices.end_by_itself(notice_id=notice.pk, now=now)

    notice.refresh_from_db()
    assert (notice.state, notice.over_at) == (NoticeState.ENDED, at("2 12:00"))
    assert list(notice.entries.filter(change="ended").values_list("by", "at")) == [(None, after)]
    assert list(queries.outages_over(after)) == []


def test_the_job_finds_what_is_over(it):
    past = timezone.now() - timedelta(hours=4)
    notice = told.published(it.it, by=it.ivan, now=past, kind=NoticeKind.OUTAGE)

    assert list(queries.outages_over(timezone.now())) == [notice]
    notices.end_by_itself(notice_id=notice.pk, now=timezone.now())
    notice.refresh_from_db()
    assert notice.state == NoticeState.ENDED


def test_a_withdrawn_notice_is_its_departments_again_and_owes_a_reason(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    with pytest.raises(notices.NoticeRefusedError):
        notices.withdraw_notice(
            notice=notice, why=LocalizedText(), version=notice.version, by=it.ivan, now=MONDAY
        )
    notices.withdraw_notice(
        notice=notice, why=WORDS, version=notice.version, by=it.ivan, now=MONDAY
    )

    assert visible(it.anna) == []
    assert visible(it.ines) == [notice]


def test_pages_hear_only_of_what_is_meant_for_their_readers(it):
    Signal.objects.all().delete()
    told.draft(it.it, by=it.ivan, now=MONDAY)
    assert set(Signal.objects.values_list("topic", flat=True)) == {f"notices:{it.it.pk}"}
    Signal.objects.all().delete()
    told.published(it.it, by=it.ivan, now=MONDAY, audience=(it.hr,))
    hr, own = f"notices:{it.hr.pk}", f"notices:{it.it.pk}"
    assert set(Signal.objects.values_list("topic", flat=True)) == {hr, own}

    asked = [hr, own, "notices:0", "me"]
    assert granted(it.anna, asked, now=MONDAY).keys() >= {hr, "notices:0"}
    assert own not in granted(it.anna, asked, now=MONDAY)
    assert hr not in granted(it.fang, asked, now=MONDAY)
    assert granted(it.ivan, asked, now=MONDAY)[own] == {own, "me"}


# Requests that belong to an incident


def test_linking_is_an_event_that_moves_no_clock_and_replays(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    ticket = it.submit()
    before = list(Clock.objects.values("metric", "due_at", "state", "used_seconds"))

    incidents.link_incident(ticket=ticket, notice=notice, by=it.ivan, now=at("2 10:05"))
    assert list(Clock.objects.values("metric", "due_at", "state", "used_seconds")) == before
    incidents.link_incident(ticket=ticket, notice=notice, by=it.ivan, now=at("2 10:06"))
    incidents.unlink_incident(ticket=ticket, notice=notice, by=it.anna, now=at("2 10:07"))
    incidents.unlink_incident(ticket=ticket, notice=notice, by=it.anna, now=at("2 10:08"))
    incidents.link_incident(ticket=ticket, notice=notice, by=it.anna, now=at("2 10:09"))

    assert make.kinds(ticket)[-3:] == ["incident_linked", "incident_unlinked", "incident_linked"]
    link = IncidentLink.objects.get()
    assert (link.linked_at, link.linked_by, link.unlinked_at) == (at("2 10:09"), it.anna, None)
    assert projections.differences(Ticket.objects.get(pk=ticket.pk)) == []
    assert checks.replay_equals_stored(at("3 10:00")) == []
    IncidentLink.objects.update(unlinked_at=at("2 10:30"))
    assert "incidents" in projections.differences(Ticket.objects.get(pk=ticket.pk))[0]


def test_only_who_asked_or_serves_links_and_only_to_an_open_incident_they_may_read(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    outage = told.published(it.it, by=it.ivan, now=MONDAY, kind=NoticeKind.OUTAGE)
    hidden = told.published(it.it, by=it.ivan, now=MONDAY, audience=(it.finance,))
    ticket = it.submit()

    for person, target, problem in (
        (it.fang, notice, PermissionDenied),
        (it.hr_head, notice, PermissionDenied),  # reads it, but neither asked nor serves
        (it.anna, hidden, PermissionDenied),
        (it.ivan, outage, incidents.IncidentOverError),
    ):
        with pytest.raises(problem):
            incidents.link_incident(ticket=ticket, notice=target, by=person, now=MONDAY)
    notices.end_notice(notice=notice, text=WORDS, version=notice.version, by=it.ivan, now=MONDAY)
    with pytest.raises(incidents.IncidentOverError):
        incidents.link_incident(ticket=ticket, notice=notice, by=it.ivan, now=MONDAY)
    assert make.kinds(ticket) == make.SUBMITTED_KINDS


def test_a_closed_request_is_linked_no_more(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    ticket = it.submit()
    actions.cancel(ticket=ticket, by=it.anna, version=ticket.version, now=MONDAY)

    with pytest.raises(actions.NotPossibleError):
        incidents.link_incident(ticket=ticket, notice=notice, by=it.anna, now=MONDAY)


def test_one_tap_makes_one_linked_request_and_says_that_it_is_known(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY, services=(it.service,))

    first = incidents.affected(notice=notice, by=it.anna, now=MONDAY)
    second = incidents.affected(notice=notice, by=it.anna, now=MONDAY)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.ticket == second.ticket
    assert first.ticket.service == it.service
    assert first.ticket.title == "我也受影响：三楼断网"
    assert make.kinds(first.ticket) == [*make.SUBMITTED_KINDS, EventKind.INCIDENT_LINKED]
    actions.cancel(
        ticket=first.ticket, by=it.anna, version=second.ticket.version, now=at("2 10:30")
    )
    third = incidents.affected(notice=notice, by=it.anna, now=at("2 10:40"))
    assert third.is_new
    assert third.ticket != first.ticket


def test_a_form_that_asks_for_more_is_passed_over_or_asked_for(it):
    text = {"key": "what", "type": "text", "required": True}
    date = {"key": "when", "type": "date", "required": True}
    label = {"label": {"source": "en", "en": "What"}}
    asks_date = make.service(it.it, calendar=it.calendar, fields=[{**date, **label}])
    asks_text = make.service(it.it, calendar=it.calendar, fields=[{**text, **label}])
    both = told.published(it.it, by=it.ivan, now=MONDAY, services=(asks_date, asks_text))
    assert incidents.affected(notice=both, by=it.anna, now=MONDAY).ticket.service == asks_text

    it.it_other.state = "draft"
    it.it_other.save()
    one = told.published(it.it, by=it.ivan, now=MONDAY, services=(asks_date,))
    with pytest.raises(incidents.FormNeededError) as asks:
        incidents.affected(notice=one, by=it.anna, now=MONDAY)
    assert asks.value.service == asks_date
    assert not IncidentLink.objects.filter(notice=one).exists()


def test_counts_tell_of_what_one_may_not_open_from_five_people_on_and_in_fives(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    others = [org.person(f"P{n}", department=it.finance) for n in range(6)]

    def counts(person):
        who = policies.standing(person, now=MONDAY)
        found = queries.linked_counts(who, notice)
        return found.visible, found.unsettled, found.others

    for person in others[:4]:
        incidents.affected(notice=notice, by=person, now=MONDAY)
    assert counts(it.anna) == (0, 0, 0)
    incidents.affected(notice=notice, by=it.anna, now=MONDAY)
    assert counts(it.anna) == (1, 1, 0)
    incidents.affected(notice=notice, by=others[4], now=MONDAY)
    assert counts(it.anna) == (1, 1, 5)
    incidents.affected(notice=notice, by=others[5], now=MONDAY)
    assert counts(it.anna) == (1, 1, 5)
    assert counts(it.ivan) == (7, 7, 0)
    assert counts(others[0]) == (1, 1, 5)


def test_many_requests_of_one_person_are_told_as_one(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    for _number in range(6):
        ticket = it.submit(by=it.fang)
        incidents.link_incident(ticket=ticket, notice=notice, by=it.fang, now=MONDAY)

    who = policies.standing(it.anna, now=MONDAY)
    assert queries.linked_counts(who, notice).others == 0


def test_answering_and_resolving_together_says_what_came_of_each(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    fresh, hers, confirmed = it.submit(), it.accepted().ticket, it.submit(by=it.fang)
    leg = hers.legs.get()
    actions.assign_leg(leg=leg, by=it.ivan, to=it.ines, version=leg.version, now=MONDAY)
    for ticket in (fresh, hers, confirmed):
        incidents.link_incident(ticket=ticket, notice=notice, by=it.ivan, now=MONDAY)
    leg = make.fresh(confirmed.legs.get())
    leg = actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=MONDAY)
    actions.deliver_leg(leg=leg, by=it.ivan, version=leg.version, now=MONDAY)

    run = incidents.start_together(
        notice=notice, by=it.ivan, action=BulkAction.REPLY, params={"text": "Soon."}, now=MONDAY
    )
    actions.run_bulk(run=run, now=MONDAY)
    assert [row.state for row in run.rows.order_by("leg")] == [RowState.DONE] * 3
    assert {t.messages.get().body for t in (fresh, hers, confirmed)} == {"Soon."}

    run = incidents.start_together(
        notice=notice, by=it.ivan, action=BulkAction.RESOLVE, params={"text": "Done."}, now=MONDAY
    )
    actions.run_bulk(run=run, now=at("2 10:30"))
    rows = {row.leg.ticket_id: row for row in run.rows.select_related("leg")}
    assert rows[fresh.pk].state == RowState.DONE
    assert rows[hers.pk].state == RowState.REFUSED
    assert rows[hers.pk].reason
    assert rows[confirmed.pk].state == RowState.REFUSED
    fresh.refresh_from_db()
    assert fresh.state == TicketState.RESOLVED
    with pytest.raises(actions.UndoOverError):
        actions.undo_bulk(run=run, by=it.ivan, now=at("2 10:31"))
    with pytest.raises(PermissionDenied):
        incidents.start_together(
            notice=notice, by=it.anna, action=BulkAction.REPLY, params={"text": "Hi"}, now=MONDAY
        )


def test_linking_many_can_be_undone_but_what_was_linked_before_stays(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    before, new = it.submit(), it.submit()
    incidents.link_incident(ticket=before, notice=notice, by=it.ivan, now=MONDAY)
    legs = [make.fresh(ticket.legs.get()) for ticket in (before, new)]

    run = actions.start_bulk(
        by=it.ivan,
        action=BulkAction.INCIDENT,
        picks=[(leg.pk, leg.version) for leg in legs],
        params={"incident": str(notice.public_id)},
        now=MONDAY,
    )
    run = actions.run_bulk(run=run, now=MONDAY)
    linked = IncidentLink.objects.filter(unlinked_at__isnull=True)
    assert linked.count() == 2
    actions.undo_bulk(run=run, by=it.ivan, now=at("2 10:05"))
    assert [link.ticket for link in linked.all()] == [before]


def test_those_affected_are_told_of_news_once_and_nobody_else(it):
    notice = told.published(it.it, by=it.ivan, now=MONDAY)
    incidents.affected(notice=notice, by=it.anna, now=MONDAY)
    event = NoticeChanged(notice_id=notice.pk, no=3, change="updated", at=MONDAY, by_id=it.ivan.pk)
    for _again in range(2):
        receivers.department_notices.tell_the_affected(event, now=MONDAY)

    told_to = Notice.objects.filter(kind="desk.incident")
    assert [each.person for each in told_to] == [it.anna]
    assert told_to.get().title.in_language("en") == "News about what you reported: Network down"


# Pages


@pytest.fixture
def pages(it, client_for):
    it.now = timezone.now()
    it.notice = told.published(it.it, by=it.ivan, now=it.now, audience=(it.hr, it.it))
    return it


def test_the_banner_stands_where_one_would_ask_and_only_for_those_it_is_meant_for(
    pages, client_for
):
    places = (
        reverse("portal:home"),
        reverse("desk:new", args=[pages.service.key]),
        reverse("catalog:service", args=[pages.service.key]),
        reverse("desk:department_notices"),
    )
    for place in places:
        assert "三楼断网" in client_for(pages.anna).get(place).text, place
        assert "三楼断网" not in client_for(pages.fang).get(place).text, place
    elsewhere = reverse("desk:new", args=[pages.fin_other.key])
    assert "三楼断网" not in client_for(pages.anna).get(elsewhere).text
    assert client_for(pages.fang).get(pages.notice.path).status_code == 404
    other = client_for(pages.fang)
    assert (
        other.post(reverse("desk:notice_affected", args=[pages.notice.public_id])).status_code
        == 404
    )


def test_one_tap_on_the_page_leads_to_the_request(pages, client_for):
    client = client_for(pages.anna)
    tap = reverse("desk:notice_affected", args=[pages.notice.public_id])

    first = client.post(tap)
    ticket = Ticket.objects.get()
    assert first["Location"] == ticket.path
    assert client.post(tap)["Location"] == ticket.path
    assert Ticket.objects.count() == 1
    page = client.get(reverse("portal:home")).text
    assert tap not in page
    assert "三楼断网" in client.get(ticket.path).text


def test_a_request_begun_from_an_incident_is_linked_when_it_is_sent(pages, client_for):
    client = client_for(pages.anna)
    url = reverse("desk:new", args=[pages.service.key])
    shown = client.get(f"{url}?incident={pages.notice.public_id}")
    assert f'name="incident" value="{pages.notice.public_id}"' in shown.text

    client.post(url, {"client_key": "k1", "priority": "3", "incident": str(pages.notice.public_id)})
    assert IncidentLink.objects.get().ticket == Ticket.objects.get()
    client.post(url, {"client_key": "k2", "priority": "3", "incident": "nonsense"})
    assert IncidentLink.objects.count() == 1


def test_a_notice_is_drafted_published_updated_and_ended_on_its_pages(it, client_for):
    client = client_for(it.ivan)
    new = reverse("desk:notice_new", args=["incident"])
    typed = {
        "department": str(it.it.public_id),
        "title_en": "Printer down",
        "starts_at": "2026-03-02T10:00",
    }
    assert client.post(new, {**typed, "title_en": ""}).status_code == 422
    made = client.post(new, {**typed, "publish": "1"})
    page = client.get(made["Location"])
    notice = page.context["notice"]
    assert notice.is_published

    def move(verb, **more):
        return client.post(
            reverse("desk:notice_move", args=[notice.public_id, verb]), {"text_en": "x", **more}
        )

    assert move("update", version=notice.version).status_code == 302
    conflict = move("update", version=notice.version, text_en="mine")
    assert conflict.status_code == 409
    assert "mine" in conflict.text
    notice.refresh_from_db()
    assert move("update", version=notice.version, text_en="").status_code == 422
    assert move("explode", version=notice.version).status_code == 404
    assert move("end", version=notice.version).status_code == 302
    notice.refresh_from_db()
    assert notice.state == NoticeState.ENDED
    assert client_for(it.anna).get(new).status_code in (200, 404)
    stranger = client_for(org.person("Nobody"))
    assert stranger.get(new).status_code == 404


def test_readers_have_no_buttons_of_the_department(pages, client_for):
    page = client_for(pages.anna).get(pages.notice.path)
    assert page.status_code == 200
    assert "notice_move" not in page.text
    moved = client_for(pages.anna).post(
        reverse("desk:notice_move", args=[pages.notice.public_id, "end"]), {"version": "2"}
    )
    assert moved.status_code == 403


def test_pages_of_requests_link_and_unlink(pages, client_for):
    ticket = pages.submit(now=pages.now)
    client = client_for(pages.ivan)
    url = reverse("desk:link_incident", args=[ticket.number])

    assert url in client.get(ticket.path).text
    client.post(url, {"incident": str(pages.notice.public_id)})
    assert IncidentLink.objects.filter(unlinked_at__isnull=True).count() == 1
    client.post(reverse("desk:unlink_incident", args=[ticket.number, pages.notice.public_id]))
    assert IncidentLink.objects.filter(unlinked_at__isnull=True).count() == 0
    client.post(url, {"incident": "nonsense"})
    assert client_for(pages.fang).post(url).status_code == 404


def test_the_queue_links_many_and_says_where_it_leads_back(pages, client_for):
    tickets = [pages.submit(now=pages.now) for _number in range(2)]
    client = client_for(pages.ivan)
    legs = [make.fresh(ticket.legs.get()) for ticket in tickets]
    picks = [f"{leg.pk}-{leg.version}" for leg in legs]

    asked = client.post(reverse("desk:queue_bulk"), {"action": "incident", "leg": picks})
    assert "三楼断网" in asked.text
    client.post(
        reverse("desk:queue_bulk"),
        {
            "action": "incident",
            "asked": "1",
            "legs": " ".join(picks),
            "incident": str(pages.notice.public_id),
        },
    )
    assert IncidentLink.objects.count() == 2
    done = client.post(
        reverse("desk:notice_answer", args=[pages.notice.public_id]), {"text": "Soon."}
    )
    run = client.get(done["Location"])
    assert pages.notice.path in run.text


@pytest.mark.parametrize("place", ["home", "list", "notice", "service", "new"])
def test_pages_cost_the_same_with_one_notice_or_three(pages, client_for, place):
    urls = {
        "home": reverse("portal:home"),
        "list": reverse("desk:department_notices"),
        "notice": pages.notice.path,
        "service": reverse("catalog:service", args=[pages.service.key]),
        "new": reverse("desk:new", args=[pages.service.key]),
    }
    client = client_for(pages.ivan)
    pages.notice.services.set([pages.service])
    incidents.affected(notice=pages.notice, by=pages.anna, now=pages.now)

    def cost():
        client.get(urls[place])
        with CaptureQueriesContext(connection) as seen:
            client.get(urls[place])
        return len(seen)

    one = cost()
    for _number in range(2):
        more = told.published(pages.it, by=pages.ivan, now=pages.now, services=(pages.service,))
        incidents.affected(notice=more, by=pages.anna, now=pages.now)
        incidents.affected(
            notice=pages.notice, by=org.person("P", department=pages.hr), now=pages.now
        )
    assert cost() == one
