"""My requests: what waits, what is open, what is done."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.desk import actions
from neike.desk.choices import WaitingOn
from neike.desk.models import Ticket
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


def shown(response):
    return [row.ticket.title for row in response.context["rows"]]


def asked(it, **more):
    """Return a request that waits for Anna's answer."""
    leg = it.accepted(**more)
    return actions.wait_leg(
        leg=leg,
        by=it.ivan,
        version=leg.version,
        waiting_on=WaitingOn.REQUESTER,
        reason_given="Which one?",
        follow_up_at=make.MONDAY + timedelta(days=2),
        now=make.MONDAY,
    )


def resolved(it, **more):
    leg = it.accepted(**more)
    ticket = Ticket.objects.get(pk=leg.ticket_id)
    return actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=make.MONDAY)


def test_each_tab_shows_its_own_and_names_who_acts(client_for):
    it = make.company()
    it.submit(title="fresh")
    asked(it, title="asked")
    done = resolved(it, title="resolved")
    closed = resolved(it, title="closed")
    actions.confirm(ticket=closed, by=it.anna, version=closed.version, now=make.MONDAY)
    client = client_for(it.anna)

    tabs = {
        tab: client.get(reverse("desk:mine"), {"tab": tab}) for tab in ("waiting", "open", "done")
    }

    assert set(shown(tabs["waiting"])) == {"asked", "resolved"}
    assert set(shown(tabs["open"])) == {"fresh", "asked", "resolved"}
    assert shown(tabs["done"]) == ["closed"]
    steps = {row.ticket.title: row.step for row in tabs["open"].context["rows"]}
    assert steps["fresh"].words == "IT takes it on"
    assert steps["asked"].mine
    assert steps["resolved"].mine
    assert done.number


def test_the_list_begins_with_what_waits_when_something_does(client_for):
    it = make.company()
    client = client_for(it.anna)

    before = client.get(reverse("desk:mine")).context["tab"]
    asked(it)

    assert (before, client.get(reverse("desk:mine")).context["tab"]) == ("open", "waiting")


def test_nobody_elses_requests_are_listed_or_counted(client_for):
    it = make.company()
    it.submit(by=it.fang, title="theirs")

    response = client_for(it.anna).get(reverse("desk:mine"), {"q": "theirs"})

    assert shown(response) == []
    assert [tab["count"] for tab in response.context["tabs"]] == [0, 0, 0]


def test_what_one_raised_for_others_is_listed_with_their_name(client_for):
    it = make.company()
    it.submit(by=it.ivan, requester=it.anna, title="for Anna")

    rows = client_for(it.ivan).get(reverse("desk:mine"), {"tab": "open"}).context["rows"]

    assert [(row.ticket.title, row.for_other) for row in rows] == [("for Anna", "Anna")]


def test_a_search_finds_by_word_and_by_number(client_for):
    it = make.company()
    mouse = it.submit(title="Mouse")
    it.submit(title="Screen")
    client = client_for(it.anna)

    for text in ("mous", str(mouse), str(mouse.number), f"r{mouse.number}"):
        assert shown(client.get(reverse("desk:mine"), {"q": text, "tab": "open"})) == ["Mouse"]
    for text in ("\x00", "%", "9" * 40, "R-"):
        assert client.get(reverse("desk:mine"), {"q": text}).status_code == 200


def test_pages_follow_one_another_without_loss(client_for):
    it = make.company()
    for number in range(27):
        it.submit(title=f"t{number}", now=make.MONDAY + timedelta(minutes=number))
    client = client_for(it.anna)

    first = client.get(reverse("desk:mine"), {"tab": "open"})
    second = client.get(first.context["next"])

    assert shown(first) + shown(second) == [f"t{number}" for number in range(26, -1, -1)]
    assert second.context["next"] == ""


def test_an_address_with_nonsense_begins_at_the_front(client_for):
    it = make.company()
    it.submit()

    response = client_for(it.anna).get(reverse("desk:mine"), {"after": "!!", "tab": "what"})

    assert len(shown(response)) == 1


def test_the_list_costs_the_same_at_any_length(client_for):
    it = make.company()
    client = client_for(it.anna)
    it.accepted()
    counts = []
    for _length in (1, 3):
        client.get(reverse("desk:mine"))  # calendars are kept once read
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("desk:mine"), {"tab": "open"})
        counts.append(len(caught))
        it.accepted()
        it.accepted()

    assert counts[0] == counts[1]
