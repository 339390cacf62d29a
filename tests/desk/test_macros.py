"""Replies kept ready: who has them, how they are filled in, and views and macros for programs."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions, policies, queries
from neike.desk.actions.macros import filled
from neike.desk.choices import BulkAction
from neike.desk.models import Macro, SavedView
from neike.kernel.texts import LocalizedText
from tests.make import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return make.company()


def kept(person, en="Hello {requester}, {number} is with me, {agent}.", zh="", **more):
    return actions.keep_macro(
        by=person,
        name=LocalizedText.of(en="Greeting", zh="问候"),
        body=LocalizedText.of(en=en, zh=zh),
        department=more.pop("department", None),
        now=timezone.now(),
        **more,
    )


def test_variables_are_filled_in_and_other_braces_stay(it):
    ticket = it.submit(now=timezone.now(), title="Laptop")

    text = filled(
        "{requester}/{ number }/{agent}/{json}/{}", ticket=ticket, agent=it.ivan, now=timezone.now()
    )

    assert text == f"{it.anna.name}/{ticket}/{it.ivan.name}/{{json}}/{{}}"


def test_an_unknown_variable_is_named(it):
    with pytest.raises(actions.UnknownVariableError) as refused:
        kept(it.ivan, en="Dear {requestor}", zh="{客户}您好")

    assert refused.value.names == ["requestor", "客户"]


@pytest.mark.parametrize(("en", "zh"), [("", ""), (" ", "\n")])
def test_a_macro_needs_a_text_in_one_language(it, en, zh):
    with pytest.raises(actions.BadTextError):
        kept(it.ivan, en=en, zh=zh)


def test_macros_are_ones_own_or_the_departments(it):
    own, shared = kept(it.ivan), kept(it.ivan, department=it.it)

    def have(person):
        return set(queries.macros_to(policies.standing(person, now=timezone.now())))

    assert have(it.ivan) == {own, shared}
    assert have(it.ines) == {shared}
    assert have(it.fang) == set()
    with pytest.raises(PermissionDenied):
        kept(it.fang, department=it.it)
    with pytest.raises(PermissionDenied):
        kept(it.ines, macro=own, version=1)
    with pytest.raises(actions.MacroChangedError):
        kept(it.ines, macro=shared, department=it.it, version=7)


def test_a_macro_is_offered_beside_the_reply_in_the_requesters_language(it, client_for):
    it.anna.language = "zh-hans"
    it.anna.save()
    kept(it.ivan, en="Hello {requester}", zh="{requester}您好")
    ticket = it.submit(now=timezone.now(), title="Laptop")

    page = client_for(it.ivan).get(ticket.path).content.decode()

    assert f'data-macro="{it.anna.name}您好"' in page
    assert "data-macro=" not in client_for(it.anna).get(ticket.path).content.decode()


def test_many_are_answered_with_one_macro_each_filled_in(it):
    macro = kept(it.ivan, en="{number}")
    tickets = [it.submit(now=timezone.now(), title=title) for title in "ab"]
    legs = [ticket.legs.get() for ticket in tickets]
    run = actions.start_bulk(
        by=it.ivan,
        action=BulkAction.REPLY,
        picks=[(leg.pk, leg.version) for leg in legs],
        params={"text": "", "macro": str(macro.public_id)},
        now=timezone.now(),
    )

    actions.run_bulk(run=run, now=timezone.now())

    assert [ticket.messages.get().body for ticket in tickets] == [str(each) for each in tickets]


def test_macros_are_written_changed_and_deleted_on_their_pages(it, client_for):
    client = client_for(it.ivan)
    given = {"name_en": "Hi", "body_en": "Hello {requester}", "department": str(it.it.public_id)}

    assert client.post(reverse("desk:new_macro"), given).status_code == 302
    macro = Macro.objects.get()
    edit = reverse("desk:edit_macro", args=[macro.public_id])
    assert client.get(edit).status_code == 200
    wrong = client.post(edit, {**given, "body_en": "{x}", "version": 1})
    assert (wrong.status_code, "{x}" in wrong.content.decode()) == (422, True)
    assert client.post(edit, {**given, "name_zh": "你好", "version": 1}).status_code == 302
    assert (
        "Hi"
        in client.get(reverse("desk:macros"), headers={"Accept-Language": "en"}).content.decode()
    )
    assert client_for(it.fang).get(edit).status_code == 404
    client.post(reverse("desk:delete_macro", args=[macro.public_id]))

    assert not Macro.objects.exists()


def test_programs_keep_views_and_macros_within_their_rights(it, client_for):
    client, other = client_for(it.ivan), client_for(it.fang)

    def post(who, path, body):
        return who.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")

    view = post(client, "queue-views", {"name": "U", "data": {"priority": ["1"], "x": ["1"]},
                                        "department": str(it.it.public_id)})  # fmt: skip
    macro = post(client, "macros", {"name": {"en": "Hi"}, "body": {"zh": "{agent}"}})
    wrong = post(client, "macros", {"name": {"en": "Hi"}, "body": {"zh": "{x}"}})
    not_mine = post(other, "queue-views", {"name": "U", "department": str(it.it.public_id)})

    assert (view.status_code, view.json()["data"]) == (201, {"priority": ["1"]})
    assert (macro.status_code, macro.json()["body"]) == (201, {"zh-hans": "{agent}"})
    assert [wrong.status_code, not_mine.status_code] == [422, 404]
    assert [each["name"] for each in client.get("/api/v1/queue-views").json()] == ["U"]
    assert other.get("/api/v1/queue-views").json() == other.get("/api/v1/macros").json() == []
    address = f"/api/v1/queue-views/{view.json()['id']}"
    assert [other.delete(address).status_code, client.delete(address).status_code] == [404, 204]
    assert client.delete(f"/api/v1/macros/{macro.json()['id']}").status_code == 204
    assert not SavedView.objects.exists()
