"""Fixtures all tests share."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

from neike.kernel.safety import lift_safety_objects
from neike.org.models import Person
from tests.live.house import House, built

# A busy machine is slow; how long an example takes says nothing about what it shows.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _append_only_tables_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that really commits is followed by emptying the database, which SQLite does by DELETE.

    The emptying ends with the post-migrate signal, which installs the safety objects again.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not commits and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    lift_safety_objects()


@pytest.fixture
def client_for(db) -> Callable[[Person], Client]:
    """A signed-in client with that person's real rights."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """A database of its own with real server processes on it; see `tests.live.house`."""
    with built() as found:
        yield found
