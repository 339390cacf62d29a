"""Relations by the API: what pages can do, with the same refusals."""

import pytest
from django.utils import translation

from neike.relations import actions
from tests.make import administrator, catalog, department, person
from tests.make import relations as make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/relations"


@pytest.fixture
def ends():
    with translation.override("en"):
        yield make.two_ends()


@pytest.fixture
def call(client_for):
    """Send JSON as somebody; return (status, body)."""

    def send(person, method, path, **body):
        client = client_for(person)
        answer = getattr(client, method)(path, data=body or None, content_type="application/json")
        return answer.status_code, answer.json()

    return send


def state(ends, call, **fields):
    return call(
        ends.provider_lead,
        "post",
        ROOT,
        **{
            "provider": str(ends.provider.public_id),
            "customer": str(ends.customer.public_id),
            "kind": "support",
            **fields,
        },
    )


def test_a_relation_goes_from_stated_to_confirmed(ends, call):
    status, made = state(ends, call)
    assert (status, made["state"], made["you_speak_for"]) == (200, "declared", ["provider"])

    path = f"{ROOT}/{made['id']}"
    status, found = call(ends.customer_lead, "post", f"{path}/confirm", version=1)
    assert (status, found["state"], found["version"]) == (200, "confirmed", 2)
    status, stale = call(ends.provider_lead, "post", f"{path}/end", version=1, reason="x")
    assert (status, stale["code"], stale["version"]) == (409, "changed", 2)
    status, history = call(ends.customer_member, "get", f"{path}/changes")
    assert [each["kind"] for each in history] == ["confirmed", "declared"]


def test_a_duplicate_is_refused_with_the_one_there_is(ends, call):
    _status, made = state(ends, call)
    status, refused = state(ends, call)
    assert (status, refused["code"], refused["relation"]) == (
        422,
        "duplicate_relation",
        made["id"],
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"valid_from": "2100-01-01"}, "day"),
        ({"valid_from": "1990-01-01"}, "end_not_there"),
        ({"customer": "00000000-0000-0000-0000-000000000000"}, "end_unknown"),
    ],
)
def test_bad_input_is_refused_by_name(ends, call, fields, code):
    status, refused = state(ends, call, **fields)
    assert (status, refused["code"]) == (422, code)


def test_outsiders_see_the_relation_but_not_who_and_why(ends, call):
    relation = make.contested(ends)
    outsider = person(department=department())
    status, history = call(outsider, "get", f"{ROOT}/{relation.public_id}/changes")
    assert status == 200
    assert {(each["by"], each["reason"]) for each in history} == {(None, None)}
    for part in ("needs", "agreements"):
        assert call(outsider, "get", f"{ROOT}/{relation.public_id}/{part}")[0] == 403


def test_a_relation_between_two_persons_is_absent_for_everybody_else(ends, call):
    relation = make.between_people(ends.provider_member, ends.customer_member)
    path = f"{ROOT}/{relation.public_id}"
    assert call(ends.provider_member, "get", path)[0] == 200
    for other in (ends.provider_lead, administrator()):
        assert call(other, "get", path)[0] == 404
        assert call(other, "get", f"{path}/note")[0] == 404
        assert call(other, "post", f"{path}/confirm", version=1)[0] == 404
        assert call(other, "get", f"{ROOT}?level=person")[1]["relations"] == []


def test_a_need_shows_its_level_to_the_serving_only_after_a_guess(ends, call):
    relation = make.confirmed(ends)
    status, need = call(
        ends.customer_lead,
        "post",
        f"{ROOT}/{relation.public_id}/needs",
        dimension="quality",
        statement="No typing errors",
        importance=4,
        expected=5,
    )
    assert (status, need["expected"]) == (200, 5)

    path = f"/api/v1/needs/{need['id']}"
    status, hidden = call(ends.provider_lead, "get", path)
    assert (hidden["hidden"], hidden["expected"], hidden["guessed"]) == (True, None, None)
    status, shown = call(
        ends.provider_lead, "post", f"{path}/guess", version=1, expected=3, importance=2
    )
    assert (status, shown["expected"], shown["guessed"]) == (200, 5, {"value": 3.0, "n": 1})
    status, refused = call(
        ends.provider_lead, "post", f"{path}/guess", version=1, expected=3, importance=2
    )
    assert (status, refused["code"]) == (422, "not_possible")


def test_an_agreement_is_signed_by_both(ends, call):
    relation = make.confirmed(ends)
    service = catalog.service(ends.provider)
    status, made = call(
        ends.customer_lead,
        "post",
        f"{ROOT}/{relation.public_id}/agreements",
        service=service.key,
    )
    assert (status, made["state"]) == (200, "proposed")
    path = f"/api/v1/agreements/{made['id']}/sign"
    assert call(ends.provider_member, "post", path, version=1)[0] == 403
    assert call(ends.customer_lead, "post", path, version=1)[0] == 200
    status, signed = call(ends.provider_lead, "post", path, version=2)
    assert (status, signed["state"], signed["provider_signed"]["by"]["name"]) == (
        200,
        "in_force",
        ends.provider_lead.name,
    )


def test_a_note_is_ones_own(ends, call):
    relation = make.confirmed(ends)
    path = f"{ROOT}/{relation.public_id}/note"
    assert call(ends.provider_lead, "put", path, text="Mine")[0] == 200
    assert call(ends.provider_lead, "get", path)[1]["text"] == "Mine"
    assert call(ends.customer_lead, "get", path)[1]["text"] == ""


def test_the_list_goes_on_where_it_stopped(ends, call):
    for _each in range(51):
        actions.propose(
            provider=ends.provider,
            customer=department(),
            kind="support",
            origin="observed",
            by=None,
            now=NOW,
        )
    _status, first = call(ends.customer_member, "get", ROOT)
    _status, second = call(ends.customer_member, "get", f"{ROOT}?after={first['next']}")
    assert [len(part["relations"]) for part in (first, second)] == [50, 1]
    assert second["next"] is None
