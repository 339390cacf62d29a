"""The person the product writes as when no human does."""

from datetime import datetime
from typing import Final

from neike.org.choices import PersonKind
from neike.org.models import Person

NUMBER: Final = "neike-system"


def system_person(*, now: datetime) -> Person:
    """Return the person automatic messages are written by; it can neither sign in nor be found among people."""
    found = Person.objects.filter(employee_no=NUMBER).first()
    if found is not None:
        return found
    person, _new = Person.objects.get_or_create(
        employee_no=NUMBER,
        defaults={
            "name": "Neike 内客",
            "name_latin": "neike",
            "kind": PersonKind.SYSTEM,
            "can_sign_in": False,
            "password": "!",
            "created_at": now,
        },
    )
    return person
