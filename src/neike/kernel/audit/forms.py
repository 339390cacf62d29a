"""The filter of the record."""

from datetime import UTC, datetime, time, timedelta

from django import forms
from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from neike.kernel.audit import labels
from neike.kernel.audit.queries import Filter


class FilterForm(forms.Form):
    """Who, what, on what, when. Dates are days in UTC, both inclusive."""

    person = forms.CharField(label=_("Employee number"), required=False, max_length=64)
    action = forms.CharField(
        label=_("Action"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "audit-actions", "autocomplete": "off"}),
    )
    kind = forms.CharField(
        label=_("Kind of object"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "audit-kinds", "autocomplete": "off"}),
    )
    object = forms.CharField(label=_("Object"), required=False, max_length=64)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_person(self) -> int | None:
        """Turn the employee number into a key.

        Raises:
            ValidationError: nobody has it.
        """
        number = self.cleaned_data["person"].strip()
        if not number:
            return None
        found = get_user_model().objects.filter(employee_no=number).values_list("pk", flat=True)
        if not found:
            raise forms.ValidationError(
                _("Nobody has the employee number “%(number)s”.") % {"number": number}
            )
        return int(found[0])

    def known_actions(self) -> list[tuple[str, str]]:
        """Return (code, name) of the actions the modules have registered."""
        return [(action.key, str(action.label)) for action in labels.AUDIT_ACTIONS]

    def known_kinds(self) -> list[tuple[str, str]]:
        """Return (code, name) of our own kinds of objects."""
        ours = [model._meta for model in apps.get_models() if model.__module__.startswith("neike.")]
        return sorted((meta.label_lower, str(meta.verbose_name)) for meta in ours)

    def wanted(self) -> Filter:
        """Return the filter; what was entered wrongly does not narrow."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        since, until = data.get("since"), data.get("until")
        return Filter(
            actor_id=data.get("person"),
            action=data.get("action", ""),
            subject_type=data.get("kind", "").lower(),
            subject_id=data.get("object", ""),
            since=datetime.combine(since, time.min, UTC) if since else None,
            until=datetime.combine(until + timedelta(days=1), time.min, UTC) if until else None,
        )
