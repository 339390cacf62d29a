"""Due times in a year whose make-up days are not published: whoever reads one is told that it may move."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from neike.desk.models import Clock, Leg, Ticket
from neike.desk.queries import Tab
from tests.make import desk as make

pytestmark = pytest.mark.django_db
DUE = datetime.combine(timezone.now().date() + timedelta(days=3), datetime.min.time(), tzinfo=UTC)
NOTE = (
    f"The make-up working days of {DUE.year} are not published yet; this due time may still move."
)


@pytest.fixture
def it():
    company = make.company()
    company.calendar.country = "CN"
    company.calendar.save()
    return company


def promised(it, *, due=DUE, **more):
    """Return a request whose running clocks are due at a moment of the unpublished year."""
    leg = it.accepted(now=timezone.now(), **more)
    Clock.objects.filter(ticket=leg.ticket, stopped_at=None).update(due_at=due)
    Leg.objects.filter(pk=leg.pk).update(next_due_at=due)
    Ticket.objects.filter(pk=leg.ticket_id).update(due_at=due)
    return leg.ticket


def page(client_for, person, path):
    client = client_for(person)
    client.cookies["neike_language"] = "en"
    return client.get(path, headers={"accept-language": "en"}).content.decode()


PAGES = {
    "queue": (lambda it: it.ivan, lambda _ticket: reverse("desk:queue")),
    "mine": (lambda it: it.anna, lambda _ticket: f"{reverse('desk:mine')}?tab={Tab.OPEN}"),
    "home": (lambda it: it.anna, lambda _ticket: reverse("portal:home")),
    "request": (lambda it: it.anna, lambda ticket: ticket.path),
    "paper": (
        lambda it: it.anna,
        lambda ticket: reverse("desk:ticket_print", args=[ticket.number]),
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_so_until_the_year_is_published(it, client_for, name):
    whose, path = PAGES[name]
    ticket = promised(it)

    before = page(client_for, whose(it), path(ticket))
    it.calendar.years.create(year=DUE.year, published=True)
    after = page(client_for, whose(it), path(ticket))

    assert NOTE in before
    assert NOTE not in after


def test_what_waits_for_a_server_at_home_is_marked_row_by_row(it, client_for):
    ticket = promised(it)
    other = it.submit(now=timezone.now())
    Leg.objects.filter(ticket=other).update(next_due_at=DUE)

    before = page(client_for, it.ivan, reverse("portal:home"))
    it.calendar.years.create(year=DUE.year, published=True)
    after = page(client_for, it.ivan, reverse("portal:home"))

    waiting = before.partition('id="waiting-title"')[2].partition('id="tiles-title"')[0]
    assert ticket.path in waiting
    assert other.path in waiting
    assert waiting.count(f'aria-label="{NOTE}"') == 2
    assert NOTE not in after


def test_lists_mark_each_such_row_and_say_the_sentence_once(it, client_for):
    for _each in range(3):
        promised(it)

    for whose, path in (PAGES["queue"], PAGES["mine"]):
        html = page(client_for, whose(it), path(None))
        assert html.count(f'role="img" aria-label="{NOTE}"') == 3
        assert html.count(f"<span>{NOTE}</span>") == 1


def test_the_request_page_says_it_of_the_request_and_of_each_leg(it, client_for):
    ticket = promised(it)

    html = page(client_for, it.anna, ticket.path)

    assert html.count("data-provisional") == 1
    relay = html.partition('id="relay-title"')[2].partition("</section>")[0]
    assert f'aria-label="{NOTE}"' in relay


def test_programs_are_told_of_the_request_and_of_its_legs(it, client_for):
    ticket = promised(it)
    address = f"/api/v1/requests/{ticket.public_id}"

    before = client_for(it.anna).get(address).json()
    it.calendar.years.create(year=DUE.year, published=True)
    after = client_for(it.anna).get(address).json()

    assert (before["due_may_move"], before["legs"][0]["due_may_move"]) == (True, True)
    assert (after["due_may_move"], after["legs"][0]["due_may_move"]) == (False, False)


def test_what_is_over_or_of_no_country_is_not_in_doubt(it, client_for):
    ticket = promised(it)
    it.calendar.country = ""
    it.calendar.save()

    assert "data-provisional" not in page(client_for, it.anna, ticket.path)


@pytest.mark.parametrize("name", ["queue", "mine", "request"])
def test_saying_so_costs_the_same_at_any_length(it, client_for, name):
    whose, path = PAGES[name]
    ticket, counts = promised(it), []
    for _length in (1, 3):
        page(client_for, whose(it), path(ticket))
        client = client_for(whose(it))
        with CaptureQueriesContext(connection) as caught:
            client.get(path(ticket))
        counts.append(len(caught))
        promised(it)
        promised(it)

    assert counts[0] == counts[1]
