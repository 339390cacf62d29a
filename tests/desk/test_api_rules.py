"""Rules and the giving out of work for programs: the same rights as on the pages."""

import json

import pytest

from neike.desk.models import AssignmentPolicy
from tests.make import background
from tests.make import desk as make
from tests.make import rules as make_rules

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture
def it():
    return make.company()


def test_a_program_reads_switches_and_tries_a_rule(client_for, it):
    rule = make_rules.rule(it.it_head, it.it)
    ticket = it.submit()
    background.run_outbox(make.MONDAY)
    client, url = client_for(it.it_head), f"{ROOT}/rules/{rule.public_id}"

    assert [each["id"] for each in client.get(f"{ROOT}/rules").json()] == [str(rule.public_id)]
    assert client.get(url).json()["trigger"] == "submitted"
    fired = client.get(f"{url}/firings").json()
    assert [each["request"] for each in fired] == [str(ticket.public_id)]
    assert client.get(f"{url}/trial").json()["is_cut"] is False
    off = client.post(f"{url}/switch", json.dumps({"active": False}), "application/json")
    assert off.json()["active"] is False


def test_others_find_no_rule_and_may_not_switch(client_for, it):
    rule = make_rules.rule(it.it_head, it.it)
    url = f"{ROOT}/rules/{rule.public_id}"
    assert client_for(it.anna).get(url).status_code == 404
    body = json.dumps({"active": False})
    assert client_for(it.ivan).post(f"{url}/switch", body, "application/json").status_code == 403


def test_a_lead_reads_who_would_get_the_next_one(client_for, it):
    AssignmentPolicy.objects.create(department=it.it, mode="load", within_hours=False)
    url = f"{ROOT}/departments/{it.it.public_id}/assignment"
    shown = client_for(it.it_head).get(url).json()
    assert shown["mode"] == "load"
    assert shown["next_person"] in {each["person"]["id"] for each in shown["members"]}
    assert client_for(it.ivan).get(url).status_code == 404
