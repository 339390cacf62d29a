"""The first steps of a newcomer."""

from datetime import datetime

from neike.org.models import Person
from neike.portal.models import Welcome


def dismiss_welcome(*, by: Person, now: datetime) -> None:
    """Put the first steps away for good; doing it twice is no mistake."""
    Welcome.objects.get_or_create(person=by, defaults={"dismissed_at": now})
