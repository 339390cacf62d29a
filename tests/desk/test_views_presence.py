"""Presence on the request page: of those who serve, for those who serve."""

import pytest
from django.urls import reverse

from neike.kernel.live.models import Presence
from tests.make import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return make.company()


def address(ticket):
    return reverse("desk:presence", args=[ticket.number])


def test_colleagues_see_one_another_and_who_writes(it, client_for):
    ticket = it.submit()
    client_for(it.ines).post(address(ticket), {"typing": "1"})
    client_for(it.it_head).post(address(ticket))

    page = client_for(it.ivan).post(address(ticket)).content.decode()

    assert "Ines" in page
    assert "nk-typing" in page
    assert "Ivan" not in page
    assert Presence.objects.count() == 3


def test_who_leaves_is_gone(it, client_for):
    ticket = it.submit()
    client_for(it.ines).post(address(ticket))

    answer = client_for(it.ines).post(address(ticket), {"leaves": "1"})

    assert answer.status_code == 204
    assert not Presence.objects.exists()


@pytest.mark.parametrize("name", ["anna"])
def test_for_others_there_is_no_such_thing_and_they_are_not_noted(it, client_for, name, settings):
    settings.LIVE = True
    ticket = it.submit()
    client = client_for(getattr(it, name))

    assert client.get(address(ticket)).status_code == 404
    assert client.post(address(ticket)).status_code == 404
    assert not Presence.objects.exists()
    assert "data-presence" not in client.get(ticket.path).content.decode()
    assert "data-presence" in client_for(it.ivan).get(ticket.path).content.decode()


@pytest.mark.parametrize("colleagues", [1, 3])
def test_it_costs_the_same_for_any_number(
    it, client_for, django_assert_max_num_queries, colleagues
):
    ticket = it.submit()
    for person in (it.ines, it.it_head, it.ivan)[:colleagues]:
        client_for(person).post(address(ticket))
    client = client_for(it.ivan)

    client.get(address(ticket))
    with django_assert_max_num_queries(20) as counted:
        client.get(address(ticket))

    assert len(counted) == 8


def test_for_strangers_the_request_itself_is_absent(it, client_for):
    ticket = it.submit()

    assert client_for(it.fang).post(address(ticket)).status_code == 404
    assert not Presence.objects.exists()
