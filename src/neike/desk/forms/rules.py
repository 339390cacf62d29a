"""The forms of rules and of giving out work."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.choices import Priority
from neike.catalog.forms.controls import PersonField
from neike.catalog.forms.localized import two_inputs
from neike.desk.choices import (
    TIME_TRIGGERS,
    Channel,
    RuleJoin,
    RuleTrigger,
    TicketState,
    WaitingOn,
)
from neike.desk.models import AssignmentPolicy
from neike.org.models import Person


class AssignmentForm(forms.ModelForm[AssignmentPolicy]):
    """How a department gives out its work."""

    class Meta:
        model = AssignmentPolicy
        fields = (
            "mode",
            "within_hours",
            "auto_accept",
            "usual_capacity",
            "unassigned_minutes",
            "fallback",
        )
        widgets = {"mode": forms.RadioSelect}

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fallback"].queryset = people  # type: ignore[attr-defined]  # a model choice


class MemberForm(forms.Form):
    """What one person can take."""

    maximum = forms.IntegerField(
        label=gettext_lazy("Capacity"), min_value=0, max_value=200, required=False
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, skills: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].choices = skills  # type: ignore[attr-defined]
        if not skills:
            del self.fields["skills"]


class SkillForm(forms.Form):
    """A skill of a department and the services that ask for it."""

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(two_inputs("name", _("Skill"), most=60, required=True))
        self.fields["services"] = forms.MultipleChoiceField(
            label=_("Services that ask for it"),
            choices=services,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class RuleForm(forms.Form):
    """A rule in three steps: when, if, do. Every part that is filled in counts."""

    trigger = forms.ChoiceField(label=gettext_lazy("When"), choices=RuleTrigger.choices)
    amount = forms.IntegerField(
        label=gettext_lazy("How many working hours"),
        help_text=gettext_lazy("Only for what happens by time."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    join = forms.ChoiceField(
        label=gettext_lazy("How many must hold"),
        choices=RuleJoin.choices,
        initial=RuleJoin.ALL.value,
        widget=forms.RadioSelect,
    )
    priorities = forms.MultipleChoiceField(
        label=gettext_lazy("Priority"),
        choices=Priority.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    states = forms.MultipleChoiceField(
        label=gettext_lazy("State"),
        choices=TicketState.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    waiting = forms.MultipleChoiceField(
        label=gettext_lazy("Waiting for"),
        choices=WaitingOn.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channel"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contains = forms.CharField(
        label=gettext_lazy("The text contains one of"),
        help_text=gettext_lazy("Words with commas between them."),
        max_length=300,
        required=False,
    )
    answer_key = forms.SlugField(
        label=gettext_lazy("Answer of the form (key)"), max_length=60, required=False
    )
    answer_op = forms.ChoiceField(
        label=gettext_lazy("is"),
        choices=(
            ("is", gettext_lazy("equal to")),
            ("over", gettext_lazy("over")),
            ("under", gettext_lazy("under")),
            ("contains", gettext_lazy("containing")),
        ),
        required=False,
    )
    answer_value = forms.CharField(label=gettext_lazy("Value"), max_length=120, required=False)
    assign = forms.ChoiceField(
        label=gettext_lazy("Assign"),
        choices=(
            ("", gettext_lazy("no")),
            ("policy", gettext_lazy("as the department gives out its work")),
            ("person", gettext_lazy("to this person")),
        ),
        required=False,
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Set the priority"),
        choices=(("", gettext_lazy("no")), *Priority.choices),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    message = forms.CharField(
        label=gettext_lazy("Automatic message to the requester"),
        help_text=gettext_lazy("It is marked as automatic and stops no clock."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    task = forms.CharField(label=gettext_lazy("Open a task"), max_length=200, required=False)
    checklist = forms.CharField(
        label=gettext_lazy("Its checklist, one point per line"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hand_over_text = forms.CharField(
        label=gettext_lazy("What they are asked for"), max_length=2000, required=False
    )
    approval = forms.ChoiceField(
        label=gettext_lazy("Ask for approval"),
        choices=(
            ("", gettext_lazy("no")),
            ("manager", gettext_lazy("the requester's manager")),
            ("department_lead", gettext_lazy("the head of the asking department")),
            ("person", gettext_lazy("this person")),
        ),
        required=False,
    )
    approval_text = forms.CharField(
        label=gettext_lazy("What is to be approved"), max_length=300, required=False
    )
    notify = forms.ChoiceField(
        label=gettext_lazy("Notify"),
        choices=(
            ("", gettext_lazy("no")),
            ("lead", gettext_lazy("the lead")),
            ("assignee", gettext_lazy("whoever works on it")),
            ("person", gettext_lazy("this person")),
        ),
        required=False,
    )
    order = forms.IntegerField(
        label=gettext_lazy("Place in the order"), min_value=0, max_value=9999, initial=100
    )
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)

    WHO: ClassVar = ("assign_person", "watch_person", "approval_person", "notify_person")

    def __init__(
        self,
        *args: Any,
        reader: Person,
        on: date,
        scopes: Sequence[tuple[str, str]],
        services: Sequence[tuple[str, str]],
        departments: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(two_inputs("name", _("Name"), most=80, required=True))
        if scopes:
            self.fields["scope"] = forms.ChoiceField(label=_("For"), choices=scopes, required=False)
        self.fields["services"] = _several(_("Service"), services)
        self.fields["customers"] = _several(_("Asking department"), departments)
        self.fields["hand_over"] = forms.ChoiceField(
            label=_("Hand over to"), choices=[("", _("no")), *departments], required=False
        )
        labels = (_("Assigned person"), _("Let this person follow"), _("Approver"), _("Person"))
        for name, label in zip(self.WHO, labels, strict=True):
            self.fields[name] = PersonField(reader=reader, on=on, label=label, required=False)

    def clean(self) -> dict[str, Any]:
        """Check that what belongs together is given together."""
        data = super().clean() or {}
        together = (
            ("answer_key", "answer_value"),
            ("hand_over", "hand_over_text"),
            ("approval", "approval_text"),
        )
        for one, other in together:
            if data.get(one) and not data.get(other):
                self.add_error(other, _("Please fill this in too."))
        for what in ("assign", "approval", "notify"):
            person = f"{what}_person"
            if data.get(what) == "person" and not data.get(person) and person not in self.errors:
                self.add_error(person, _("Please name somebody."))
        if data.get("trigger") in TIME_TRIGGERS and not data.get("amount"):
            self.add_error("amount", _("Please say after how many working hours, at least 1."))
        return data


def _several(label: str, choices: Sequence[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.SelectMultiple(attrs={"data-enhance": ""}),
    )
