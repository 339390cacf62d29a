"""Fixtures all tests share."""

from collections.abc import Callable

import pytest
from django.test import Client

from neike.org.models import Person


@pytest.fixture
def client_for(db) -> Callable[[Person], Client]:
    """A signed-in client with that person's real rights."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in
