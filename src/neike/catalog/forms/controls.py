"""Form fields that Django does not have: people and departments by look-up, several files, money."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from neike.catalog.form_schema import minor_units
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.queries import OrgChart, directory

SUGGESTIONS: Final = 8


class PersonInput(forms.TextInput):
    """A text input that suggests people while one types; without scripts a name or number is enough."""

    template_name = "catalog/widgets/person.html"


class PersonField(forms.CharField):
    """Takes "Name (number)", a number, a name or pinyin that fits one person; gives the public id."""

    widget = PersonInput

    def __init__(self, *, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)
        self.reader = reader
        self.on = on

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Return the public id of the one person meant, or None.

        Raises:
            ValidationError: nobody fits, or several do.
        """
        text = super().clean(value)
        if not text:
            return None
        found = people_meant(self.reader, text, on=self.on)
        if len(found) == 1:
            return str(found[0].public_id)
        if not found:
            raise ValidationError(_("Nobody here fits “%(text)s”.") % {"text": text})
        names = ", ".join(person_label(each) for each in found[:5])
        raise ValidationError(
            _("Several people fit; please take one of %(names)s.") % {"names": names}
        )


def people_meant(reader: Person, text: str, *, on: date) -> list[Person]:
    """Return the people somebody may mean by what they typed, at most a handful; one when it is clear."""
    people = directory.present(org_queries.people_visible_to(reader), on=on)
    number = text.rpartition("(")[2].rstrip(") ").strip()
    exact = list(people.filter(employee_no=number)[:2])
    if exact:
        return exact
    found = directory.matching(people, text).order_by("name_latin", "pk")
    return list(found[:SUGGESTIONS])


def person_label(person: Person) -> str:
    """Return what stands in the input for a person."""
    return f"{person.name} ({person.employee_no})"


def department_choices(chart: OrgChart) -> list[tuple[str, str]]:
    """Return the working departments as (public id, path from the top), in the chart's order."""
    return [
        (str(each.public_id), " / ".join(chart.path(each.id)))
        for _depth, each in chart.walk()
        if each.is_active
    ]


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Gives a list of uploads, empty when there is none."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ANN401 - Django's signature
        """Return the uploads, each with a name and not empty.

        Raises:
            ValidationError: a file is empty or its name too long, or one is needed and missing.
        """
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(each, initial) for each in given]


class MoneyField(forms.DecimalField):
    """An amount as people write it; `in_minor_units` gives the answer."""

    def __init__(self, *, currencies: Sequence[str], **kwargs: Any) -> None:
        places = max(minor_units(each) for each in currencies)
        super().__init__(max_digits=15, decimal_places=places, min_value=0, **kwargs)


def in_minor_units(amount: Decimal, currency: str) -> int:
    """Return an amount in minor units: 19.99 CNY is 1999.

    Raises:
        ValidationError: it has more places than the currency.
    """
    minor = amount.scaleb(minor_units(currency))
    if minor != minor.to_integral_value():
        raise ValidationError(_("%(currency)s has no such small parts.") % {"currency": currency})
    return int(minor)
