"""Asking for something: the promise before, the draft, the request."""

import pytest
from django.urls import reverse

from neike.desk.models import Ticket, TicketDraft
from tests.make import desk as make

pytestmark = pytest.mark.django_db


def address(service):
    return reverse("desk:new", args=[service.key])


def test_the_page_shows(client_for):
    it = make.company()
    for language in ("en", "zh-hans"):
        client = client_for(it.anna)
        client.cookies["neike_language"] = language
        assert client.get(address(it.service)).status_code == 200


def test_sending_makes_a_request_and_shows_it(client_for):
    it = make.company()
    client = client_for(it.anna)
    response = client.post(address(it.service), {"title": "Laptop", "client_key": "k1"})
    ticket = Ticket.objects.get()
    assert response.status_code == 302, response.content.decode()
    assert response["Location"] == f"{ticket.path}?sent=1"
    assert client.get(response["Location"]).status_code == 200
    assert client.get(reverse("desk:mine")).status_code == 200
