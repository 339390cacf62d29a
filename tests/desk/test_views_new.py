"""Asking for something: the promise before it is sent, the draft, the request."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from neike.catalog.models import FormVersion
from neike.desk.display.outlook import outlooks
from neike.desk.models import Ticket, TicketDraft
from neike.kernel.attachments.models import Attachment
from tests.make import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_for(client_for):
    """A signed-in client that reads English."""

    def sign_in(person):
        client = client_for(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


FIELDS = [
    {
        "key": "what",
        "type": "text",
        "label": {"source": "en", "en": "What", "zh-hans": "什么"},
        "required": True,
    },
    {
        "key": "kinds",
        "type": "multi_choice",
        "label": {"source": "en", "en": "Kinds", "zh-hans": "种类"},
        "choices": [
            {"key": "a", "label": {"source": "en", "en": "Apple"}},
            {"key": "b", "label": {"source": "en", "en": "Bear"}},
        ],
    },
]


@pytest.fixture
def it():
    """A company whose main service asks one thing."""
    company = make.company(by_priority={("end_to_end", "1"): 60})
    form = FormVersion.objects.create(
        service=company.service, version=2, fields=FIELDS, created_at=make.MONDAY
    )
    company.service.form = form
    company.service.save()
    return company


def address(service, name="new"):
    return reverse(f"desk:{name}", args=[service.key])


def typed(**more):
    return {"form-what": "A mouse", "client_key": "k1", **more}


def test_the_promise_counts_working_time_from_now(it):
    usual = next(each for each in outlooks(it.service.standard, now=make.MONDAY) if each.is_usual)
    urgent = outlooks(it.service.standard, now=make.MONDAY)[0]

    assert usual.answer_at == make.at("2 11:00")
    assert usual.done_at == make.at("4 10:00")
    assert urgent.done_at == make.at("2 11:00")


def test_the_page_shows_the_promise_of_every_priority_before_sending(client_for, it):
    response = client_for(it.anna).get(address(it.service))

    page = response.content.decode()
    assert response.status_code == 200
    assert [each.priority for each in response.context["outlooks"]] == ["1", "2", "3", "4"]
    assert page.count("First answer by") == 8  # each beside its choice, and in the box


def test_sending_makes_the_request_with_the_promise_that_was_shown(client_for, it):
    client = client_for(it.anna)

    response = client.post(address(it.service), typed(priority="1", **{"form-kinds": ["a", "b"]}))

    ticket = Ticket.objects.get()
    shown = outlooks(it.service.standard, now=ticket.submitted_at)[0]
    assert response["Location"] == f"{ticket.path}?sent=1"
    assert (ticket.priority, ticket.requester, ticket.due_at) == ("1", it.anna, shown.done_at)
    assert ticket.answers == {"what": "A mouse", "kinds": ["a", "b"]}
    assert "Thank you" in client.get(response["Location"]).content.decode()


def test_a_request_without_subject_takes_it_from_service_and_answers(client_for, it):
    client_for(it.anna).post(address(it.service), typed())

    assert Ticket.objects.get().title == f"{it.service.name.in_language('en')}: A mouse"


def test_sending_twice_makes_one_request(client_for, it):
    client = client_for(it.anna)

    first = client.post(address(it.service), typed())
    second = client.post(address(it.service), typed())

    assert Ticket.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_a_mistake_answers_422_and_keeps_what_was_typed(client_for, it):
    data = typed(title="Please <b>hurry</b>", priority="1", **{"form-what": ""})

    response = client_for(it.anna).post(address(it.service), data)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Please &lt;b&gt;hurry&lt;/b&gt;" in page
    assert response.context["chosen"].priority == "1"
    assert Ticket.objects.count() == 0


def test_a_file_sent_with_a_mistake_is_kept_for_the_next_try(client_for, it):
    client = client_for(it.anna)
    file = SimpleUploadedFile("note.txt", b"plain words", content_type="text/plain")

    first = client.post(address(it.service), typed(files=file, **{"form-what": ""}))
    kept = first.context["head"]["attached"].value()
    client.post(address(it.service), typed(attached=kept))

    attachment = Attachment.objects.get()
    assert attachment.name in first.content.decode()
    assert (attachment.owner_type, attachment.owner_id) == ("desk.ticket", Ticket.objects.get().pk)


def test_nobody_takes_a_file_that_another_person_uploaded(client_for, it):
    file = SimpleUploadedFile("secret.txt", b"plain words", content_type="text/plain")
    first = client_for(it.fang).post(address(it.service), typed(files=file, **{"form-what": ""}))

    wanted = first.context["head"]["attached"].value()
    client_for(it.anna).post(address(it.service), typed(attached=f"{wanted} {uuid4()} nonsense"))

    assert Attachment.objects.get().owner_type == ""


@pytest.mark.parametrize(
    "data",
    [
        {"form-what": "a\x00b"},
        {"form-what": "x" * 100_000},
        {"priority": "9"},
        {"form-kinds": ["a", "zzz"]},
        {"client_key": "k" * 65},
        {"client_key": ""},
        {"title": "t" * 201},
    ],
)
def test_hostile_input_is_refused_kindly(client_for, it, data):
    response = client_for(it.anna).post(address(it.service), typed(**data))

    assert response.status_code == 422
    assert Ticket.objects.count() == 0


def test_what_is_not_offered_is_absent(client_for, it):
    it.service.audience = {"departments": [str(it.finance.public_id)]}
    it.service.save()
    client = client_for(it.anna)

    hidden = [client.get(address(it.service)), client.post(address(it.service), typed())]
    absent = client.get(reverse("desk:new", args=["no-such-service"]))

    assert [each.status_code for each in (*hidden, absent)] == [404, 404, 404]
    assert client.post(address(it.service, "draft"), typed()).status_code == 404


def test_who_serves_asks_on_behalf_of_a_colleague(client_for, it):
    data = typed(requester=f"Anna ({it.anna.employee_no})")

    client_for(it.ivan).post(address(it.service), data)

    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.raised_by, ticket.customer) == (it.anna, it.ivan, it.hr)


def test_a_lead_asks_for_their_own_people_only(client_for, it):
    client = client_for(it.hr_head)

    refused = client.post(address(it.service), typed(requester=it.fang.employee_no))
    allowed = client.post(address(it.service), typed(requester=it.anna.employee_no))

    assert (refused.status_code, allowed.status_code) == (422, 302)
    assert [each.requester for each in Ticket.objects.all()] == [it.anna]


def test_everybody_else_asks_for_themselves_whatever_they_post(client_for, it):
    client_for(it.anna).post(address(it.service), typed(requester=it.fang.employee_no))

    assert Ticket.objects.get().requester == it.anna


def test_a_draft_keeps_what_was_typed_and_is_gone_once_sent(client_for, it):
    client = client_for(it.anna)
    half = typed(title="Mouse", priority="2", **{"form-what": "", "form-kinds": ["b"]})

    saved = client.post(address(it.service, "draft"), half, HTTP_HX_REQUEST="true")
    page = client.get(address(it.service))

    assert "Draft saved at" in saved.content.decode()
    assert page.context["head"]["title"].value() == "Mouse"
    assert page.context["form"]["kinds"].value() == ["b"]
    assert page.context["chosen"].priority == "2"
    assert b"Mouse" in client.get(reverse("desk:mine")).content

    client.post(address(it.service), typed())
    client.post(address(it.service, "draft"), typed(), HTTP_HX_REQUEST="true")  # arrives late

    assert not TicketDraft.objects.exists()


def test_a_draft_is_nobody_elses(client_for, it):
    client_for(it.anna).post(address(it.service, "draft"), typed(title="Anna's"))

    assert b"Anna&#x27;s" not in client_for(it.fang).get(address(it.service)).content


def test_a_draft_takes_any_text_and_goes_when_discarded(client_for, it):
    client = client_for(it.anna)

    kept = client.post(
        address(it.service, "draft"), {"title": "\x00é" * 300, "form-what": "\x00" + "z" * 50_000}
    )
    draft = TicketDraft.objects.get()
    gone = client.post(address(it.service, "discard_draft"))

    assert (kept.status_code, gone.status_code) == (302, 302)
    assert "\x00" not in draft.title + draft.answers["what"]
    assert len(draft.answers["what"]) < 10_001
    assert not TicketDraft.objects.exists()


def test_own_open_requests_for_the_same_service_are_pointed_out(client_for, it):
    mine = it.submit(answers={"what": "x"})
    it.submit(by=it.fang, answers={"what": "x"})

    response = client_for(it.anna).get(address(it.service))

    assert list(response.context["similar"]) == [mine]
