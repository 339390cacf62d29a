"""A field that finds a person by what one knows of them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.org.models import Person
from neike.org.queries.directory import matching

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_SHOWN = 5


class PersonField(forms.CharField):
    """Takes a number, an e-mail address, a name or its pinyin; refuses what fits nobody or several people.

    `people` must be set by the form: whom the reader may choose from.
    """

    def __init__(self, *, label: "str | _StrPromise", required: bool = True) -> None:
        super().__init__(
            label=label,
            required=required,
            max_length=120,
            help_text=gettext_lazy("Name, pinyin, employee number or e-mail."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.people = Person.objects.none()

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - the framework's signature
        """Return the one person meant, or None when nothing was typed and nothing is needed."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = self._exactly(text) or list(
            matching(self.people, text).order_by("name_latin", "pk")[: _SHOWN + 1]
        )
        if len(found) == 1:
            return found[0]
        raise ValidationError(self._complaint(found), code="ambiguous" if found else "unknown")

    def _exactly(self, text: str) -> list[Person]:
        return list(
            self.people.filter(Q(employee_no__iexact=text) | Q(email__iexact=text) | Q(name=text))[
                : _SHOWN + 1
            ]
        )

    def _complaint(self, found: list[Person]) -> str:
        if not found:
            return _("Nobody here is called that.")
        names = ", ".join(f"{person.name} ({person.employee_no})" for person in found[:_SHOWN])
        return _("Several people fit: %(names)s. Please type the employee number.") % {
            "names": names
        }
