"""Forms of one's own profile."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from neike.org.choices import SubstitutionScope, Theme
from neike.org.forms.people import PersonField
from neike.org.models import Person
from neike.org.queries.directory import present
from neike.org.queries.people import people_visible_to


class PreferencesForm(forms.Form):
    """Language, time zone and theme."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [
            (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]
        self._choices("language", [("", _("As the browser says")), *languages])
        zones = sorted(name for name in available_timezones() if "/" in name)
        self._choices("zone", [("", _("As the organisation")), *((name, name) for name in zones)])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class _TermForm(forms.Form):
    """From and until, in the reader's zone."""

    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput())
    ends_at = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput())


class AbsenceForm(_TermForm):
    """Out of office."""

    message = forms.CharField(
        label=_("Message for colleagues"),
        required=False,
        max_length=300,
        help_text=_("Shown on your page and beside your requests."),
    )


class SubstituteForm(_TermForm):
    """Who stands in."""

    substitute = PersonField(label=_("Who stands in for you"))
    scope = forms.ChoiceField(
        label=_("For what"), choices=SubstitutionScope, initial=SubstitutionScope.BOTH
    )
    field_order = ("substitute", "scope", "starts_at", "ends_at")

    def __init__(self, *args: Any, person: Person, today: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field = self.fields["substitute"]
        if isinstance(field, PersonField):
            field.people = present(people_visible_to(person), on=today).exclude(pk=person.pk)
