"""The desk for programs: the first loop, refusals, who sees what."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from neike.desk import actions
from neike.desk.choices import TicketState, Visibility
from neike.desk.models import Ticket
from tests.make import desk as make

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/requests"


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def call(client_for):
    def call_(person, path="", body=None, **headers):
        client = client_for(person)
        address = f"{ROOT}{path}"
        if body is None:
            return client.get(address, headers=headers)
        return client.post(address, json.dumps(body), "application/json", headers=headers)

    return call_


def path_of(ticket, action=""):
    return f"/{ticket.public_id}{action}"


def test_the_first_loop_by_program(it, call):
    made = call(it.anna, body={"service": it.service.key, "title": "Laptop", "answers": {}})
    assert made.status_code == 201, made.content
    one = made.json()
    assert (one["state"], one["audience"], one["legs"][0]["state"]) == (
        "submitted",
        "requester",
        "offered",
    )
    path = f"/{one['id']}"

    taken = call(it.ivan, f"{path}/legs/0/accept", {"version": one["legs"][0]["version"]}).json()
    assert taken["legs"][0]["assignee"]["name"] == "Ivan"
    asked = call(
        it.ivan,
        f"{path}/legs/0/hand-over",
        {
            "version": taken["legs"][0]["version"],
            "department": str(it.finance.public_id),
            "ask": "Budget?",
        },
    ).json()
    assert asked["legs"][1]["ask"] == "Budget?"
    step = call(it.fang, f"{path}/legs/1/accept", {"version": asked["legs"][1]["version"]}).json()
    step = call(
        it.fang, f"{path}/legs/1/deliver", {"version": step["legs"][1]["version"], "note": "Yes."}
    ).json()
    step = call(it.ivan, f"{path}/legs/1/confirm", {"version": step["legs"][1]["version"]}).json()
    assert call(it.ivan, f"{path}/messages", {"body": "Nearly there."}).status_code == 201
    step = call(it.ivan, path).json()
    step = call(it.ivan, f"{path}/resolve", {"version": step["version"], "note": "Here."}).json()
    step = call(it.anna, f"{path}/reopen", {"version": step["version"], "reason": "Broken"}).json()
    assert step["state"] == "in_progress"
    step = call(it.ivan, f"{path}/resolve", {"version": step["version"]}).json()
    closed = call(it.anna, f"{path}/confirm", {"version": step["version"]}).json()

    assert closed["state"] == TicketState.CLOSED
    assert [m["body"] for m in closed["messages"]] == ["Nearly there.", "Here.", "Broken"]


def test_the_same_key_makes_one_request(it, call):
    body = {"service": it.service.key}

    first = call(it.anna, body=body, **{"Idempotency-Key": "k-1"})
    second = call(it.anna, body=body, **{"Idempotency-Key": "k-1"})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Ticket.objects.count() == 1


def test_lists_go_on_where_they_stopped(it, call):
    for n in range(5):
        it.submit(title=f"t{n}", now=timezone.now() - timedelta(minutes=n))

    first = call(it.anna, "?limit=3").json()
    second = call(it.anna, f"?limit=3&after={first['next']}").json()

    assert [row["title"] for row in first["items"] + second["items"]] == [
        "t0",
        "t1",
        "t2",
        "t3",
        "t4",
    ]
    assert second["next"] is None
    assert call(it.fang, "?scope=visible").json()["items"] == []


@pytest.mark.parametrize("length", [1, 3])
def test_lists_cost_the_same_at_any_length(it, client_for, django_assert_num_queries, length):
    for _ in range(length):
        it.submit(now=timezone.now())
    client = client_for(it.anna)
    client.get(ROOT)

    with django_assert_num_queries(10):
        client.get(f"{ROOT}?scope=visible")


def test_the_requesting_side_sees_no_internal_words(it, call):
    ticket = it.submit(now=timezone.now())
    actions.post_message(
        ticket=ticket, by=it.ivan, body="canary", visibility=Visibility.INTERNAL, now=timezone.now()
    )

    seen = call(it.anna, path_of(ticket))

    assert "canary" not in seen.content.decode()
    assert set(seen.json()) == REQUESTER_FIELDS
    assert set(seen.json()["legs"][0]) == LEG_FIELDS
    serving = call(it.ivan, path_of(ticket)).json()
    assert [m["body"] for m in serving["messages"]] == ["canary"]
    assert set(serving["legs"][0]) == LEG_FIELDS | {
        "ask", "waiting_reason", "follow_up_at", "return_reason", "rework_count"}  # fmt: skip


REQUESTER_FIELDS = {
    "id", "number", "version", "title", "service", "state", "waiting_on", "priority", "requester",
    "customer", "supplier", "submitted_at", "due_at", "due_may_move", "last_activity_at", "audience",
    "confidential", "answers", "resolved_at", "closed_at", "legs", "messages", "links",
}  # fmt: skip
LEG_FIELDS = {
    "no", "version", "state", "mode", "supplier", "customer", "assignee", "is_lead", "waiting_on",
    "offered_at", "accepted_at", "delivered_at", "confirmed_at", "due_at", "due_may_move",
}  # fmt: skip


def test_a_stale_version_is_refused_with_what_changed(it, call):
    ticket = it.submit(now=timezone.now())
    seen = Ticket.objects.get(pk=ticket.pk).version
    actions.post_message(
        ticket=ticket, by=it.ivan, body="x", visibility=Visibility.INTERNAL, now=timezone.now()
    )
    actions.post_message(ticket=ticket, by=it.ivan, body="y", now=timezone.now())

    refused = call(it.anna, path_of(ticket, "/cancel"), {"version": seen})

    body = refused.json()
    assert refused.status_code == 409
    assert (body["code"], body["version"]) == ("changed", seen + 2)
    assert [(c["kind"], c["version"]) for c in body["changes"]] == [("message_posted", seen + 2)]


@pytest.mark.parametrize(
    "more", [{"state": "closed"}, {"by": 1}, {"raised_by": 1}, {"confidential": False}]
)
def test_fields_that_are_not_listed_are_refused(it, call, more):
    refused = call(it.anna, body={"service": it.service.key, **more})

    assert refused.status_code == 422
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"service": "nothing"}, "service_not_offered"),
        ({"service": "x\x00"}, "invalid"),
        ({"service": "S", "title": "a\x00b"}, "invalid"),
        ({"service": "S", "answers": {"a\x00": 1}}, "invalid"),
        ({"service": "S", "answers": {"a": "\ud800"}}, "invalid"),
        ({"service": "S", "answers": {"nothing": 1}}, "answers_wrong"),
        (
            {"service": "S", "requester": "00000000-0000-0000-0000-000000000000"},
            "requester_unknown",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(it, call, body, code):
    body = {**body, "service": it.service.key if body["service"] == "S" else body["service"]}

    refused = call(it.anna, body=body)

    assert refused.status_code == 422
    assert refused.json()["code"] == code


def test_hidden_and_absent_answer_alike(it, call):
    ticket = it.submit(now=timezone.now())
    absent = "/00000000-0000-0000-0000-000000000001"

    for action, body in (
        ("", None),
        ("/cancel", {"version": 1}),
        ("/legs/0/accept", {"version": 1}),
        ("/messages", {"body": "x"}),
    ):
        hidden = call(it.fang, path_of(ticket, action), body)
        none = call(it.fang, absent + action, body)
        assert (hidden.status_code, hidden.content) == (404, none.content)


def test_what_is_anothers_to_do_is_forbidden(it, call):
    ticket = it.submit(now=timezone.now())

    refused = call(it.anna, path_of(ticket, "/legs/0/accept"), {"version": 2})

    assert (refused.status_code, refused.json()["code"]) == (403, "not_in_department")


def test_nobody_signed_in_is_told_so(client):
    assert client.get(ROOT).status_code == 401
    assert client.post(ROOT, "{}", "application/json").status_code in (401, 403)


def test_without_the_token_nothing_is_changed(it):
    client = Client(enforce_csrf_checks=True)
    client.force_login(it.anna)

    refused = client.post(ROOT, json.dumps({"service": it.service.key}), "application/json")

    assert refused.status_code in (401, 403)
    assert Ticket.objects.count() == 0
