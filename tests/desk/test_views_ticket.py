"""The request page: what it tells, and what it costs."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from neike.desk import actions
from neike.desk.choices import TicketState, WaitingOn
from neike.desk.display import states
from neike.desk.models import Ticket
from neike.desk.views import page as page_view
from neike.kernel.attachments.models import Attachment
from tests.make import desk as make

pytestmark = pytest.mark.django_db
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
    "a3d2a3d70000000049454e44ae426082"
)


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def see(client_for):
    def see_(person, path, language="en"):
        client = client_for(person)
        client.cookies["neike_language"] = language
        return client.get(path)

    return see_


def accepted(it, **more):
    return it.accepted(now=timezone.now() - timedelta(hours=2), **more)


@pytest.mark.parametrize("length", [0, 3, 30])
def test_the_page_costs_the_same_however_long_the_request_is(
    it, client_for, django_assert_num_queries, length
):
    ticket = accepted(it).ticket
    for n in range(length + 1):
        actions.post_message(ticket=ticket, by=it.ivan, body=f"m{n}", now=timezone.now())
    client = client_for(it.ivan)
    client.get(ticket.path)

    with django_assert_num_queries(QUERIES):
        client.get(ticket.path)


QUERIES = 35


def test_it_says_who_has_the_ball_and_until_when(it, see):
    leg = accepted(it)

    context = see(it.anna, leg.ticket.path).context

    assert context["ball"] == ["IT · Ivan"]
    assert context["promise"]["due"] is not None
    assert len(context["promise"]["why"]) >= 3
    assert "2 days" in context["promise"]["why"][0]


@pytest.mark.parametrize(("language", "words"), [("en", "So it is due"), ("zh-hans", "因此")])
def test_the_reason_of_the_due_time_is_told_in_the_readers_language(it, see, language, words):
    leg = accepted(it)

    assert words in see(it.anna, leg.ticket.path, language).content.decode()


def test_while_it_waits_for_the_requester_the_remaining_time_is_told(it, see):
    leg = accepted(it)
    actions.wait_leg(
        leg=leg, by=it.ivan, waiting_on=WaitingOn.REQUESTER, reason_given="Which?",
        follow_up_at=timezone.now() + timedelta(days=1), version=leg.version, now=timezone.now(),
    )  # fmt: skip

    response = see(it.anna, leg.ticket.path)

    assert response.context["ball"] == ["Anna"]
    assert "of working time left" in response.content.decode()


def test_the_year_without_published_make_up_days_is_warned_of(it, see):
    it.calendar.country = "CN"
    it.calendar.save()
    leg = accepted(it)

    assert "not published yet" in see(it.anna, leg.ticket.path).content.decode()


def test_a_long_conversation_is_shortened_until_asked_for(it, see, monkeypatch):
    monkeypatch.setattr(page_view, "SHOWN", 3)
    ticket = accepted(it).ticket
    for n in range(5):
        actions.post_message(ticket=ticket, by=it.ivan, body=f"line-{n}", now=timezone.now())

    short = see(it.ivan, ticket.path).content.decode()
    whole = see(it.ivan, f"{ticket.path}?all=1").content.decode()

    assert "line-1" not in short
    assert "line-4" in short
    assert "line-1" in whole


def test_files_come_with_the_message_and_only_its_readers_fetch_them(it, client_for):
    ticket = accepted(it).ticket
    client = client_for(it.ivan)

    client.post(
        reverse("desk:note", args=[ticket.number]),
        {
            "body": "see the picture",
            "client_key": "k",
            "files": [SimpleUploadedFile("a.png", PIXEL, "image/png")],
        },
    )

    file = Attachment.objects.get()
    assert file.owner_id == ticket.messages.get().pk
    shown = reverse("attachments:preview", args=[file.public_id])
    assert shown in client.get(ticket.path).content.decode()
    assert b"".join(client.get(shown)).startswith(b"\x89PNG")
    assert client_for(it.anna).get(shown).status_code == 404


def test_a_pasted_picture_is_given_to_the_message(it, client_for):
    ticket = accepted(it).ticket
    client = client_for(it.anna)
    sent = client.post(
        reverse("attachments:upload"), {"file": SimpleUploadedFile("p.png", PIXEL, "image/png")}
    ).json()

    client.post(
        reverse("desk:reply", args=[ticket.number]),
        {"body": sent["markdown"], "client_key": "k", "attached": f" {sent['id']} nonsense"},
    )

    assert Attachment.objects.get().owner_id == ticket.messages.get().pk
    assert f'src="{sent["url"]}"' in client_for(it.ivan).get(ticket.path).content.decode()


def test_a_refused_file_keeps_the_text(it, client_for):
    ticket = accepted(it).ticket
    client = client_for(it.ivan)

    response = client.post(
        reverse("desk:reply", args=[ticket.number]),
        {
            "body": "typed words",
            "client_key": "k",
            "files": [SimpleUploadedFile("a.exe", b"MZ\x00\x01\x02\x03" * 50)],
        },
    )

    assert response.status_code == 422
    assert "typed words" in response.content.decode()
    assert ticket.messages.count() == 0


def test_the_printed_page_is_complete_and_has_no_buttons(it, see):
    leg = accepted(it, title="On paper")
    actions.post_message(ticket=leg.ticket, by=it.ivan, body="said **this**", now=timezone.now())

    page = see(it.anna, f"{leg.ticket.path}print/").content.decode()

    for part in ("On paper", "<strong>this</strong>", "Anna", "Ivan", f"R-{leg.ticket.number}"):
        assert part in page
    assert "<form" not in page


def test_nobody_signed_in_is_sent_to_sign_in(it, client):
    ticket = accepted(it).ticket

    assert client.get(ticket.path).status_code == 302
    assert client.get("/queue/").status_code == 302


def test_only_the_requester_is_told_that_the_request_waits_for_them():
    ticket = Ticket(state=TicketState.WAITING, requester_id=1, raised_by_id=2)

    with translation.override("en"):
        words = [states.ticket_state_words(ticket, reader_id=reader) for reader in (1, 2, 3)]

    assert words == ["waiting for you", "waiting for you", "waiting for the requester"]


def test_many_promises_are_shown_when_asked_for(it, client_for, monkeypatch):
    monkeypatch.setattr(page_view, "PROMISES_SHOWN", 2)
    ticket = accepted(it).ticket
    client = client_for(it.ivan)

    short, whole = client.get(ticket.path), client.get(f"{ticket.path}?all=1")

    every = len(whole.context["clocks"])
    assert (len(short.context["clocks"]), short.context["more_clocks"]) == (2, every - 2)
    assert "?all=1" in short.content.decode()
    assert whole.context["more_clocks"] == 0
