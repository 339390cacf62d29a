"""A person's own choices: language, theme, time zone."""

from typing import Final
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from neike.org.choices import Theme
from neike.org.models import Person

CHOICES: Final = ("language", "theme", "zone")


def keep_choice(*, person: Person, name: str, value: str) -> None:
    """Keep one choice of a person; an empty language or zone means the installation's.

    Raises:
        ValidationError: there is no such choice or value.
    """
    if not _is_known(name, value):
        raise ValidationError(_("There is no such choice."))
    Person.objects.filter(pk=person.pk).update(**{name: value})
    setattr(person, name, value)


def _is_known(name: str, value: str) -> bool:
    if name == "language":
        return value in {"", *dict(settings.LANGUAGES)}
    if name == "theme":
        return value in Theme.values
    return name == "zone" and (not value or value in available_timezones())
