"""What one says about a relation, and how a new one is described."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.forms.controls import PersonField, department_choices
from neike.org.forms.texts import day_field
from neike.org.models import Department, Person, Position
from neike.org.queries import OrgChart
from neike.relations.actions.notes import NOTE_LIMIT
from neike.relations.actions.work import REASON_LIMIT
from neike.relations.choices import Closeness, RelationKind, RelationLevel, Side
from neike.relations.display.states import kind_label
from neike.relations.wording import wording_of

End = Department | Position | Person
_SHOWN: Final = 5
_KINDS: Final = {
    RelationLevel.DEPARTMENT: (RelationKind.NEXT_STEP, RelationKind.SUPPORT, RelationKind.LATERAL),
    RelationLevel.POSITION: tuple(RelationKind),
    RelationLevel.PERSON: tuple(RelationKind),
}


class SayForm(forms.Form):
    """One tap: for which side, and as of which version."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput())
    side = forms.ChoiceField(
        choices=[(Side.PROVIDER, ""), (Side.CUSTOMER, "")], widget=forms.HiddenInput()
    )


class ReasonForm(SayForm):
    """Two taps: that, and why: a quick reason, or own words."""

    quick = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())
    reason = forms.CharField(
        label=gettext_lazy("In your own words"), required=False, max_length=REASON_LIMIT
    )

    @property
    def said(self) -> str:
        """The reason, in the wording that is kept; what somebody typed goes before a quick one."""
        return str(self.cleaned_data["reason"]) or wording_of(self.cleaned_data["quick"])


class EndForm(ReasonForm):
    """The same with the day from which the relation holds no longer."""

    on = day_field(
        gettext_lazy("From this day on it holds no longer"),
        required=False,
        help_text=gettext_lazy("Left empty: today."),
    )


class ClosenessForm(SayForm):
    """How much the customer depends on the provider."""

    closeness = forms.TypedChoiceField(choices=Closeness, coerce=int)


class CorrectForm(ReasonForm):
    """Since when it really holds."""

    valid_from = day_field(gettext_lazy("It has held since"))


class NoteForm(forms.Form):
    """A private note."""

    text = forms.CharField(
        label=gettext_lazy("Private note"),
        required=False,
        max_length=NOTE_LIMIT,
        help_text=gettext_lazy("Only you can ever read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PositionField(forms.CharField):
    """Takes a position's code or its title in any language; refuses what fits none or several."""

    def __init__(self, *, chart: OrgChart, **kwargs: Any) -> None:
        super().__init__(
            max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs
        )
        self.chart = chart

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Return the one position meant.

        Raises:
            ValidationError: none fits, or several do.
        """
        text = str(super().clean(value)).strip()
        code = text.rpartition("(")[2].rstrip(") ").strip()
        found = list(Position.objects.filter(code__iexact=code)[:2]) or self._titled(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("No position here fits “%(text)s”.") % {"text": text})
        names = ", ".join(self.label_of(each) for each in found[:_SHOWN])
        raise ValidationError(
            _("Several positions fit; please take one of %(names)s.") % {"names": names}
        )

    def _titled(self, text: str) -> list[Position]:
        rows = Position.objects.filter(Q(title__icontains=text)).order_by("code")
        return list(rows[: _SHOWN + 1])

    def label_of(self, position: Position) -> str:
        """Return what stands in the input for a position."""
        department = self.chart.name(position.department_id)
        return f"{department} {position.title} ({position.code})"


class NewRelationForm(forms.Form):
    """Who serves whom, how, how closely and since when, at one level."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is the customer to the provider?"), widget=forms.RadioSelect
    )
    closeness = forms.TypedChoiceField(
        label=gettext_lazy("How often does the customer depend on it?"),
        choices=Closeness,
        coerce=int,
        widget=forms.RadioSelect,
    )
    valid_from = day_field(gettext_lazy("Since when"))
    field_order = ("provider", "customer", "kind", "closeness", "valid_from")

    def __init__(
        self, *args: Any, level: str, reader: Person, chart: OrgChart, on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.level = level
        labels = {
            Side.PROVIDER: gettext_lazy("Who serves?"),
            Side.CUSTOMER: gettext_lazy("Whom, as an internal customer?"),
        }
        for side, label in labels.items():
            self.fields[side] = _end_field(level, label=label, reader=reader, chart=chart, on=on)
        kinds = [(each.value, kind_label(each, level)) for each in _KINDS[RelationLevel(level)]]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a choice field
        self.order_fields(self.field_order)

    def end(self, side: str) -> End:
        """Return what was chosen for a side."""
        chosen = self.cleaned_data[side]
        if self.level == RelationLevel.POSITION:
            return chosen  # type: ignore[no-any-return]  # a position, says its field
        model = Department if self.level == RelationLevel.DEPARTMENT else Person
        found: End = model.objects.get(public_id=chosen)
        return found


def _end_field(
    level: str,
    *,
    label: Any,  # noqa: ANN401 - a lazy text
    reader: Person,
    chart: OrgChart,
    on: date,
) -> forms.Field:
    if level == RelationLevel.DEPARTMENT:
        choices = [("", gettext_lazy("choose a department")), *department_choices(chart)]
        return forms.ChoiceField(label=label, choices=choices)
    if level == RelationLevel.POSITION:
        text = gettext_lazy("Title or code of the position.")
        return PositionField(chart=chart, label=label, help_text=text)
    text = gettext_lazy("Name, pinyin or employee number.")
    return PersonField(reader=reader, on=on, label=label, help_text=text)
