"""The lists behind the numbers show what the reader may read, and say how many there are."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.desk.models import Ticket
from tests.make import insights as make
from tests.make.desk import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db):
    return make.history()


def address(house, what, **more):
    values = {"what": what, "supplier": str(house.it.public_id), "period": "2026-Q1", **more}
    return f"{reverse('insights:list')}?{urlencode(values)}"


def seen(client, url):
    """Return (shown, visible, total) of a list."""
    context = client.get(url).context
    return len(context["rows"]), context["visible"], context["total"]


def test_everybody_sees_their_share_of_the_list_and_how_many_there_are(house, client_for):
    asked = address(house, "asked")

    assert seen(client_for(house.anna), asked) == (3, "3", 3)  # her own, one of them confidential
    assert seen(client_for(house.sam), asked) == (2, "2", 2)
    assert seen(client_for(house.it_head), asked) == (5, "5", 5)
    assert seen(client_for(house.ines), asked) == (4, "4", 5)  # not the confidential one
    assert seen(client_for(house.fang), asked) == (0, "0", 0)  # few people, none of her department


def test_what_is_hidden_leaves_no_trace_but_the_count(house, client_for):
    page = client_for(house.ines).get(address(house, "asked"))
    secret = Ticket.objects.get(confidential=True).title

    assert secret not in page.text
    assert "You may see 4 of 5." in english(client_for(house.ines), address(house, "asked"))
    assert "5 in all." in english(client_for(house.it_head), address(house, "asked"))


def english(client, url):
    client.cookies["neike_language"] = "en"
    return client.get(url).text


def test_lists_are_those_of_the_number(house, client_for):
    client = client_for(house.it_head)

    assert seen(client, address(house, "missed", metric="leg_delivery"))[2] == 1
    assert seen(client, address(house, "kept", metric="leg_delivery"))[2] == 3
    assert seen(client, address(house, "ended", metric="first_response"))[2] == 4
    assert seen(client, address(house, "ended", customer=str(house.hr.public_id)))[2] == 8
    assert seen(client, address(house, "ended", week="2026-03-09"))[2] == 0
    assert seen(client, address(house, "ended", metric="end_to_end", week="2026-03-02"))[2] == 4
    assert seen(client, address(house, "returned"))[2] == 0
    assert seen(client, address(house, "open"))[2] == 1


@pytest.mark.parametrize(
    "more",
    [
        {"what": "everything"},
        {"metric": "speed"},
        {"supplier": "somebody"},
        {"customer": "00000000-0000-0000-0000-000000000000"},
        {"period": "2026-Q5"},
        {"period": "9999-Q4"},
    ],
)
def test_an_address_that_means_nothing_is_not_found(house, client_for, more):
    assert (
        client_for(house.anna).get(address(house, **{"what": "ended", **more})).status_code == 404
    )


def test_a_long_list_goes_on_where_it_stopped(house, client_for, monkeypatch):
    monkeypatch.setattr("neike.insights.views.lists._PAGE", 2)
    client, url, found = client_for(house.it_head), address(house, "asked"), []
    while url:
        page = client.get(url)
        found += [row["ticket"].pk for row in page.context["rows"]]
        url = page.context["next"]

    assert len(found) == len(set(found)) == 5
    assert found == sorted(found, reverse=True)  # newest first


@pytest.mark.parametrize("what", ["asked", "ended", "open"])
def test_a_list_costs_the_same_at_any_length(client_for, what):
    house = make.house()
    client = client_for(house.it_head)
    costs = []
    for more in (1, 2):  # one row, then three
        for minute in range(more):
            script = house.ask(at("6 10:00") + timedelta(minutes=minute), house.sam, house.sales)
            script.accept(at("6 10:30"), 0, by_id=house.ivan.pk)
        house.write()
        client.get(address(house, what))  # reads the organisation
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address(house, what))
        costs.append((len(page.context["rows"]), len(queries)))

    assert [rows for rows, _queries in costs] == [1, 3]
    assert costs[0][1] == costs[1][1]
