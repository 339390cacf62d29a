"""Department notices for programs: the same rights as on the pages."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from neike.desk.models import IncidentLink
from tests.make import desk as make
from tests.make import notices as told

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/department-notices"


@pytest.fixture
def it():
    return make.company()


def send(client, url, body, method="post"):
    return getattr(client, method)(url, json.dumps(body), "application/json")


def test_a_program_drafts_publishes_updates_and_ends(client_for, it):
    client = client_for(it.ivan)
    began = (timezone.now() - timedelta(minutes=5)).isoformat()
    said = {
        "kind": "incident",
        "department": str(it.it.public_id),
        "title": {"en": "Mail down"},
        "starts_at": began,
        "services": [it.service.key],
    }
    made = send(client, ROOT, said)
    assert made.status_code == 201
    shown = made.json()
    for step in ("publish", "update", "end"):
        body = {"version": shown["version"], "text": {"en": "Soon."}}
        answer = send(client, f"{ROOT}/{shown['id']}/{step}", body)
        assert answer.status_code == 200, answer.content
        shown = answer.json()
    assert [line["change"] for line in shown["told"]] == ["published", "updated", "ended"]
    stale = send(client, f"{ROOT}/{shown['id']}/end", {"version": 1})
    assert stale.status_code == 409
    assert send(client, ROOT, {**said, "title": {}}).status_code == 422
    assert send(client_for(it.anna), ROOT, said).status_code in (201, 404)


def test_what_is_hidden_is_absent(client_for, it):
    notice = told.published(it.it, by=it.ivan, now=timezone.now(), audience=(it.hr,))
    url = f"{ROOT}/{notice.public_id}"

    assert [each["id"] for each in client_for(it.anna).get(ROOT).json()] == [str(notice.public_id)]
    assert client_for(it.fang).get(ROOT).json() == []
    assert client_for(it.fang).get(url).status_code == 404
    assert send(client_for(it.fang), f"{url}/affected", {}, "put").status_code == 404
    assert send(client_for(it.anna), f"{url}/end", {"version": 2}).status_code == 403


def test_one_is_affected_once_and_a_request_is_linked_and_unlinked(client_for, it):
    notice = told.published(it.it, by=it.ivan, now=timezone.now())
    url = f"{ROOT}/{notice.public_id}/affected"
    client = client_for(it.anna)

    first = send(client, url, {}, "put").json()
    second = send(client, url, {}, "put").json()
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["request"] == second["request"]
    links = f"/api/v1/requests/{first['request']}/incidents"
    assert client.delete(f"{links}/{notice.public_id}").status_code == 200
    assert not IncidentLink.objects.filter(unlinked_at__isnull=True).exists()
    assert send(client, links, {"incident": str(notice.public_id)}).status_code == 200
    assert send(client_for(it.fang), links, {"incident": str(notice.public_id)}).status_code == 404
