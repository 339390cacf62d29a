"""My work as a board: its columns count what their lists hold."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.choices import WaitingOn
from tests.make import desk as make

pytestmark = pytest.mark.django_db
BOARD = "/my-work/"


@pytest.fixture
def busy(db):
    it = make.company()
    now = timezone.now()
    it.submit(now=now, title="Offered")
    it.accepted(now=now, title="Mine")
    waiting = it.accepted(now=now, title="Waits")
    waiting = actions.start_leg(leg=waiting, by=it.ivan, version=waiting.version, now=now)
    actions.wait_leg(
        leg=waiting,
        by=it.ivan,
        waiting_on=WaitingOn.THIRD_PARTY,
        reason_given="Part ordered",
        follow_up_at=now + timedelta(days=1),
        version=waiting.version,
        now=now,
    )
    it.accepted(now=now, title="A second one")
    it.submit(now=now, title="Secret", confidential=True)
    return it


def columns(client):
    return {each["column"].key: each for each in client.get(BOARD).context["columns"]}


def test_columns_hold_what_is_to_be_done_and_count_their_lists(busy, client_for):
    client = client_for(busy.ivan)
    found = columns(client)

    assert {key: each["count"] for key, each in found.items()} == {
        "offered": "2",
        "hands": "2",
        "waiting": "1",
        "tasks": "0",
        "approvals": "0",
    }
    assert {card["title"] for card in found["hands"]["cards"]} == {"Mine", "A second one"}
    assert "Secret" not in client.get(BOARD).text
    for key in ("offered", "hands", "waiting"):
        listed = client.get(found[key]["url"]).context
        assert str(listed["shown"]) == found[key]["count"], key


def test_the_board_is_each_persons_own(busy, client_for):
    assert {key: each["count"] for key, each in columns(client_for(busy.fang)).items()} == {
        "offered": "0",
        "hands": "0",
        "waiting": "0",
        "tasks": "0",
        "approvals": "0",
    }
    assert reverse("desk:my_board") in client_for(busy.ivan).get(reverse("portal:home")).text


def test_what_is_due_first_stands_first(busy, client_for):
    cards = columns(client_for(busy.ivan))["hands"]["cards"]
    dues = [card["due_at"] for card in cards]

    assert dues == sorted(dues)


def test_a_board_costs_the_same_with_more_cards(busy, client_for):
    client = client_for(busy.ivan)

    def cost():
        client.get(BOARD)
        with CaptureQueriesContext(connection) as seen:
            client.get(BOARD)
        return len(seen)

    before = cost()
    for _number in range(3):
        busy.accepted(now=timezone.now())
        busy.submit(now=timezone.now())
    assert cost() == before
