"""Fixtures of the kernel's tests."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from neike.kernel.policies import set_role_provider
from neike.org.models import Person
from tests import make

_numbers = count(1)


@pytest.fixture
def holder_of(db) -> Iterator[Callable[..., Person]]:
    """`holder_of("AU")`: a person who holds these roles and no others."""
    granted: set[tuple[int, str]] = set()
    before = set_role_provider(lambda person, role: (person.pk, role) in granted)

    def person_with(*roles: str) -> Person:
        made = make.person(f"Holder {next(_numbers)}")
        granted.update((made.pk, role) for role in roles)
        return made

    yield person_with
    set_role_provider(before)
