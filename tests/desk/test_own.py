"""What people keep for themselves: private everywhere, back in time, and without effect on anybody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions, jobs, policies, queries
from neike.desk.choices import Later, Visibility
from neike.desk.models import BulkRun, Clock, OwnSheet, Ticket, TicketEvent
from neike.desk.queries import my_day
from neike.kernel.notices.models import Notice
from neike.kernel.outbox import announce
from neike.org.events import PersonErased
from tests.make import desk as make
from tests.make.background import run_jobs, run_outbox

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRET = "canary-of-somebody-else"


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def ticket(it):
    return it.accepted(now=timezone.now()).ticket


def snooze(it, ticket, by=None, until=None):
    now = timezone.now()
    return actions.snooze(ticket=ticket, by=by or it.ivan, until=until or now + DAY, now=now)


def write(ticket, by, body, visibility=Visibility.PUBLIC, now=None, **more):
    return actions.keep_words(
        ticket=ticket, by=by, visibility=visibility, body=body, now=now or timezone.now(), **more
    )


def titles(person, **query):
    return [each[1] for each in kinds(person, **query)]


def kinds(person, **query):
    return sorted(
        (each.kind, each.title.in_language("en")) for each in Notice.objects.filter(person=person)
    )


# Hiding until later


def test_it_is_hidden_from_ones_own_lists_and_from_nobody_elses(it, ticket, client_for):
    before = (
        Ticket.objects.values().get(),
        TicketEvent.objects.count(),
        list(Clock.objects.values()),
    )
    snooze(it, ticket)

    mine, hers = client_for(it.ivan), client_for(it.ines)
    assert mine.get("/queue/").context["shown"] == 0
    assert mine.get("/queue/?view=mine").context["shown"] == 0
    assert hers.get("/queue/").context["shown"] == 1
    assert client_for(it.it_head).get("/queue/").context["shown"] == 1
    hidden = mine.get("/queue/?view=snoozed")
    assert hidden.context["shown"] == 1
    assert "nk-q-below" in hidden.content.decode()
    assert {
        tab["href"].split("view=")[1].split("&")[0]: tab["count"] for tab in hidden.context["tabs"]
    }["snoozed"] == 1
    after = Ticket.objects.values().get(), TicketEvent.objects.count(), list(Clock.objects.values())
    assert after == before


def test_ones_day_and_menu_leave_out_what_is_hidden(it, ticket):
    now = timezone.now()
    assert my_day.in_hand(policies.standing(it.ivan, now=now))
    assert queries.waiting_for_departments({it.it.pk}, it.ivan.pk, now=now) == 1
    snooze(it, ticket)

    assert my_day.in_hand(policies.standing(it.ivan, now=timezone.now())) == []
    assert queries.waiting_for_departments({it.it.pk}, it.ivan.pk, now=timezone.now()) == 0


def test_it_comes_back_by_itself_with_a_notice(it, ticket):
    snooze(it, ticket, until=timezone.now() + DAY)
    later = timezone.now() + DAY + timedelta(minutes=1)

    jobs.look_for_what_comes_back(now=later)
    run_jobs(later)
    jobs.look_for_what_comes_back(now=later)
    run_jobs(later)

    assert not OwnSheet.objects.exists()
    assert kinds(it.ivan) == [("desk.snooze_over", f"Back in your lists: {ticket} Laptop")]


def test_it_comes_back_when_its_requester_replies_and_says_so_once(it, ticket):
    run_outbox(timezone.now())
    Notice.objects.all().delete()
    snooze(it, ticket)
    snooze(it, ticket, by=it.ines)
    actions.post_message(ticket=ticket, by=it.ines, body="x", now=timezone.now())
    run_outbox(timezone.now())
    assert OwnSheet.objects.count() == 2
    Notice.objects.all().delete()

    actions.post_message(ticket=ticket, by=it.anna, body="It works now", now=timezone.now())
    run_outbox(timezone.now())

    assert not OwnSheet.objects.exists()
    words = f"Anna replied, so it is back in your lists: {ticket} Laptop"
    assert [title for _kind, title in kinds(it.ivan)] == [words]
    assert [title for _kind, title in kinds(it.ines)] == [words]


def test_who_does_not_serve_hides_nothing(it, ticket, client_for):
    with pytest.raises(Exception, match="not_serving"):
        snooze(it, ticket, by=it.anna)
    assert (
        client_for(it.anna)
        .post(reverse("desk:snooze", args=[ticket.number]), {"when": "week"})
        .status_code
        == 403
    )
    assert (
        client_for(it.fang)
        .post(reverse("desk:snooze", args=[ticket.number]), {"when": "week"})
        .status_code
        == 404
    )


@pytest.mark.parametrize(
    "data",
    [
        {"when": "date"},
        {"when": "date", "date": "2020-01-01"},
        {"when": "date", "date": "9999-12-31"},
        {"when": "x"},
        {"when": "date", "date": "0001-01-01"},
    ],
)
def test_a_wrong_moment_is_refused_in_words(it, ticket, client_for, data):
    client = client_for(it.ivan)
    assert client.post(reverse("desk:snooze", args=[ticket.number]), data).status_code == 422
    assert client.post(reverse("desk:remind", args=[ticket.number]), data).status_code == 422
    assert not OwnSheet.objects.exists()


def test_many_are_hidden_at_once_and_brought_back_by_undo(it, client_for):
    legs = [it.accepted(now=timezone.now(), title=f"t{n}") for n in range(3)]
    client = client_for(it.ivan)
    data = {"action": "snooze", "leg": [f"{leg.pk}-{leg.version}" for leg in legs]}
    assert client.post("/queue/bulk/", data).status_code == 200

    client.post("/queue/bulk/", {**data, "asked": "1", "when": "week"})
    assert OwnSheet.objects.filter(snoozed_until__isnull=False).count() == 3
    assert client.get("/queue/").context["shown"] == 0
    client.post(reverse("desk:bulk_undo", args=[BulkRun.objects.get().public_id]))

    assert client.get("/queue/").context["shown"] == 3
    wrong = client.post(
        "/queue/bulk/", {**data, "asked": "1", "when": "date", "date": "2020-01-01"}
    )
    assert wrong.status_code == 422


def test_the_page_says_until_when_and_brings_it_back(it, ticket, client_for):
    client = client_for(it.ivan)
    client.cookies["neike_language"] = "en"
    client.post(reverse("desk:snooze", args=[ticket.number]), {"when": "week"})

    page = client.get(ticket.path).content.decode()
    assert "Hidden from your lists until" in page
    assert "Hidden from your lists" not in client_for(it.ines).get(ticket.path).content.decode()
    client.post(reverse("desk:wake", args=[ticket.number]))
    assert not OwnSheet.objects.exists()


# Reminders


def test_a_reminder_rings_once_and_stays_in_ones_day_until_done(it, ticket, client_for):
    now = timezone.now()
    actions.remind(ticket=ticket, by=it.anna, at=now + DAY, note="ask again", now=now)
    later = now + DAY + timedelta(minutes=1)
    for _look in range(2):
        jobs.look_for_what_comes_back(now=later)
        run_jobs(later)

    assert ("desk.reminder", f"You wanted to be reminded: ask again ({ticket} Laptop)") in kinds(
        it.anna
    )
    assert Notice.objects.filter(kind="desk.reminder").count() == 1
    assert [each.title for each in my_day.reminders(policies.standing(it.anna, now=later))] == [
        "ask again"
    ]
    client_for(it.anna).post(reverse("desk:reminded", args=[ticket.number]))
    assert not OwnSheet.objects.exists()


def test_a_reminder_of_what_one_may_not_read_any_more_is_dropped(it, ticket):
    now = timezone.now()
    actions.add_participant(ticket=ticket, by=it.ivan, person=it.fang, now=now)
    actions.remind(ticket=ticket, by=it.fang, at=now + DAY, note="x", now=now)
    actions.remove_participant(ticket=ticket, by=it.fang, person=it.fang, now=now)

    jobs.look_for_what_comes_back(now=now + 2 * DAY)
    run_jobs(now + 2 * DAY)

    assert not OwnSheet.objects.exists()
    assert not Notice.objects.filter(kind="desk.reminder").exists()


def test_a_confidential_request_is_named_by_its_number_alone(it):
    ticket = it.accepted(now=timezone.now()).ticket
    Ticket.objects.filter(pk=ticket.pk).update(confidential=True)
    now = timezone.now()
    actions.remind(ticket=ticket, by=it.anna, at=now + DAY, note="", now=now)

    jobs.look_for_what_comes_back(now=now + 2 * DAY)
    run_jobs(now + 2 * DAY)

    assert [title for _k, title in kinds(it.anna)] == [f"You wanted to be reminded: {ticket}"]


# Unsent words


def test_what_is_typed_is_there_again_and_gone_once_it_is_sent(it, ticket, client_for):
    client = client_for(it.ivan)
    url = reverse("desk:words", args=[ticket.number])
    answer = client.post(url, {"kind": "note", "body": "half a sent", "client_key": "k1"})

    assert answer.json()["problem"] == ""
    context = client.get(ticket.path).context
    assert context["composer_open"] == "note"
    assert context["composer"]["note"]["body"].value() == "half a sent"
    assert context["composer"]["reply"]["body"].value() == ""
    client.post(
        reverse("desk:note", args=[ticket.number]), {"body": "half a sentence", "client_key": "k1"}
    )
    assert not OwnSheet.objects.exists()
    client.post(
        url, {"kind": "note", "body": "half a sentence", "client_key": "k1"}
    )  # a late word of the page
    assert not OwnSheet.objects.exists()


def test_reply_and_note_are_kept_apart_and_discarded_apart(it, ticket, client_for):
    write(ticket, it.ivan, "to her")
    write(ticket, it.ivan, "to us", Visibility.INTERNAL)

    client_for(it.ivan).post(
        reverse("desk:words", args=[ticket.number]), {"kind": "reply", "body": "x", "discard": "1"}
    )

    sheet = OwnSheet.objects.get()
    assert (sheet.reply, sheet.note) == ("", "to us")
    write(ticket, it.ivan, "  \n", Visibility.INTERNAL)
    assert not OwnSheet.objects.exists()


def test_the_writer_is_told_before_sending_whom_a_note_cannot_mention(it, ticket, client_for):
    client = client_for(it.ivan)
    client.cookies["neike_language"] = "en"
    url = reverse("desk:words", args=[ticket.number])
    body = f"@{it.anna.employee_no} look"

    assert (
        "Anna may not read internal notes"
        in client.post(url, {"kind": "note", "body": body}).json()["problem"]
    )
    assert client.post(url, {"kind": "reply", "body": body}).json()["problem"] == ""


def test_too_much_is_refused_and_the_last_words_stay(it, ticket, client_for):
    write(ticket, it.ivan, "short")

    answer = client_for(it.ivan).post(
        reverse("desk:words", args=[ticket.number]), {"kind": "reply", "body": "x" * 20_001}
    )

    assert answer.status_code == 422
    assert OwnSheet.objects.get().reply == "short"


def test_old_words_are_forgotten_at_night_and_reminders_stay(it, ticket):
    now = timezone.now()
    write(ticket, it.ivan, "old", now=now - 31 * DAY)
    write(ticket, it.ines, "new", now=now - 29 * DAY)
    write(ticket, it.it_head, "old", now=now - 31 * DAY)
    actions.remind(ticket=ticket, by=it.it_head, at=now + DAY, note="r", now=now)

    jobs.forget_unsent_words(now=now)

    assert sorted(OwnSheet.objects.values_list("person__name", "reply", "reminder")) == [
        ("Ines", "new", ""), ("Ito", "", "r")]  # fmt: skip


def test_all_of_it_goes_with_the_person(it, ticket):
    write(ticket, it.ivan, "x")
    snooze(it, ticket, by=it.ines)
    announce(
        PersonErased(person_id=it.ivan.pk), aggregate=f"person:{it.ivan.pk}", now=timezone.now()
    )
    run_outbox(timezone.now())

    assert [sheet.person for sheet in OwnSheet.objects.all()] == [it.ines]


def test_nobody_else_meets_any_of_it_anywhere(it, ticket, client_for):
    now = timezone.now()
    write(ticket, it.ivan, SECRET)
    write(ticket, it.ivan, SECRET, Visibility.INTERNAL)
    actions.remind(ticket=ticket, by=it.ivan, at=now + DAY, note=SECRET, now=now)
    snooze(it, ticket)
    run_outbox(now)
    places = [
        ticket.path, f"{ticket.path}print/", f"{ticket.path}live/", "/queue/", "/queue/?view=snoozed",
        "/queue/export.csv", "/requests/", reverse("desk:kept"), "/", "/search/?q=canary-of-some",
        f"/api/v1/requests/{ticket.public_id}", f"/api/v1/requests/{ticket.public_id}/own",
    ]  # fmt: skip

    for person in (it.anna, it.ines, it.it_head, it.hr_head):
        client = client_for(person)
        for place in places:
            answer = client.get(place)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert SECRET not in body.decode(), (person.name, place)
    shown = client_for(it.ines).get(f"/api/v1/requests/{ticket.public_id}/own").json()
    assert shown == {"snoozed_until": None, "remind_at": None, "reminder": ""}
    stranger = client_for(it.fang)
    for name in ("words", "snooze", "wake", "remind", "reminded"):
        data = {"kind": "reply", "body": "x", "when": "week"}
        assert stranger.post(reverse(f"desk:{name}", args=[ticket.number]), data).status_code == 404
    assert stranger.get(f"/api/v1/requests/{ticket.public_id}/own").status_code == 404


def test_programs_keep_only_for_their_own_person(it, ticket, client_for):
    client, url = client_for(it.ivan), f"/api/v1/requests/{ticket.public_id}/own"
    until = (timezone.now() + DAY).isoformat()

    put = client.put(f"{url}/snooze", {"until": until}, content_type="application/json")
    client.put(f"{url}/reminder", {"at": until, "note": "n"}, content_type="application/json")

    assert put.status_code == 200
    assert client.get(url).json()["reminder"] == "n"
    past = (timezone.now() - DAY).isoformat()
    refused = client.put(f"{url}/snooze", {"until": past}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_moment")
    assert client.delete(f"{url}/snooze").status_code == 204
    assert client.delete(f"{url}/reminder").status_code == 204
    assert not OwnSheet.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_all_of_it_costs_the_same(it, client_for, django_assert_num_queries, rows):
    now = timezone.now()
    for n in range(rows):
        ticket = it.accepted(now=now, title=f"t{n}").ticket
        write(ticket, it.ivan, "x")
        snooze(it, ticket)
        actions.remind(ticket=ticket, by=it.ivan, at=now + DAY, note="n", now=now)
        actions.post_message(ticket=ticket, by=it.ines, body=f"@{it.ivan.employee_no}", now=now)
    client = client_for(it.ivan)
    client.get(reverse("desk:kept"))

    with django_assert_num_queries(KEPT_QUERIES):
        client.get(reverse("desk:kept"))


KEPT_QUERIES = 16


def test_later_is_reckoned_in_the_working_time_of_the_person(it):
    friday = make.at("6 10:00")

    found = actions.later_moment(person=it.ivan, wanted=Later.TOMORROW, day=None, now=friday)

    assert found == make.at("9 09:00")
