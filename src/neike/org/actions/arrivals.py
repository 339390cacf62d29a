"""Bringing many people at once from another system's records."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.hashers import make_password

from neike.org.choices import PersonKind
from neike.org.latin import latin_name
from neike.org.models import Person


def bring_people(*, people: Mapping[str, str], source: str, now: datetime) -> dict[str, int]:
    """Add people who only appear in imported records; `people[employee number]` is the name.

    They are marked as imported and cannot sign in. Returns the ids by employee number. The caller records
    the import as a whole.
    """
    made = Person.objects.bulk_create(
        _person(number, name, source, now) for number, name in people.items()
    )
    return {person.employee_no: person.pk for person in made}


def _person(number: str, name: str, source: str, now: datetime) -> Person:
    latin = latin_name(name)
    return Person(
        employee_no=number,
        name=name[:120],
        name_latin=latin.full,
        name_initials=latin.initials,
        kind=PersonKind.HUMAN,
        can_sign_in=False,
        imported_from=source,
        password=make_password(None),
        created_at=now,
    )
