"""Giving and ending roles."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from neike.kernel.policies import Decision
from neike.org import policies
from neike.org.choices import Role
from neike.org.forms.people import PersonField
from neike.org.models import Department, Person
from neike.org.policies.roles import SCOPES
from neike.org.queries.directory import present

REASONS = {
    "own_role": _("Nobody gives a role to themselves. Ask another administrator."),
    "beyond_own_rights": _("You can give only what lies within your own rights."),
    "wrong_scope": _("This role needs another scope: choose a department, a service, or neither."),
    "wrong_kind": _("Integration roles are for service accounts, and only for them."),
    "cannot_sign_in": _("This person may not sign in at present."),
    "no_grant_needed": _("Everybody is an employee; no grant is needed."),
    "needs_second_person": _("Another administrator must agree, not the one who proposed it."),
    "own_account": _("Nobody erases themselves. Ask another administrator."),
    "not_administrator": _("Only a system administrator may do this."),
}


def reason_text(refused: PermissionDenied | Decision) -> str:
    """Return the sentence for a refusal."""
    code = refused.reason if isinstance(refused, Decision) else str(refused)
    return str(REASONS.get(code, _("You may not do this.")))


class GrantForm(forms.Form):
    """Which role, for whom, where, how long and why."""

    person = PersonField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"))
    department = forms.ChoiceField(
        label=_("Department"), required=False, help_text=_("With everything below it.")
    )
    service = forms.ChoiceField(label=_("Service"), required=False)
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput())
    valid_to = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(),
        help_text=_("The first day it no longer holds; empty: until it is ended."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(
        self,
        *args: Any,
        by: Person,
        departments: Iterable[tuple[int, str]],
        services: Iterable[tuple[UUID, str]],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        if isinstance(person, PersonField):
            person.people = present_or_service(on=today).exclude(pk=by.pk)
        self.initial.setdefault("valid_from", today)
        roles = [(role.value, role.label) for role in Role if role in SCOPES]
        self._choices("role", [("", "—"), *roles])
        self._choices("department", [("", _("All departments")), *departments])
        offered = [(str(public_id), name) for public_id, name in services]
        self._choices("service", [("", "—"), *offered])
        if not offered:
            del self.fields["service"]

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def asked(self) -> policies.Asked:
        """Return what the valid form asks for."""
        data = self.cleaned_data
        department = data.get("department")
        service = data.get("service")
        return policies.Asked(
            person=data["person"],
            role=Role(data["role"]),
            department=Department.objects.get(pk=int(department)) if department else None,
            service=UUID(service) if service else None,
        )


def present_or_service(*, on: date) -> Any:  # noqa: ANN401 - a queryset of people
    """Return whom a role can be given to: who works here, and service accounts."""
    working = present(Person.objects.all(), on=on)
    return (working | Person.objects.filter(kind="service")).distinct()


class RevokeForm(forms.Form):
    """Why a role ends."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
