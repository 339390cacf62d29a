"""Forms for departments, posts and placements."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from neike.org.choices import DepartmentKind, LeadKind
from neike.org.forms.people import PersonField
from neike.org.forms.texts import BilingualForm, day_field
from neike.org.models import BusinessCalendar, Department, Person, Position
from neike.org.queries import people_visible_to
from neike.org.queries.structure import open_positions
from neike.org.standing import OrgChart

_SPACE = "\u2003"


def department_choices(
    chart: OrgChart, *, without: frozenset[int] = frozenset()
) -> list[tuple[str, str]]:
    """Return the open departments as a tree of choices by code."""
    return [
        (each.code, _SPACE * depth + str(each.name))
        for depth, each in chart.walk()
        if each.is_active and each.id not in without
    ]


class DepartmentForm(BilingualForm):
    """A department as it is from a day on."""

    pairs = {"name": True, "purpose": False}

    code = forms.CharField(label=_("code"), max_length=32)
    kind = forms.ChoiceField(label=_("kind"), choices=DepartmentKind.choices)
    name_zh = forms.CharField(label=_("name in Chinese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("name in English"), max_length=80, required=False)
    purpose_zh = forms.CharField(
        label=_("what it is for, in Chinese"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    purpose_en = forms.CharField(
        label=_("what it is for, in English"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    parent = forms.ChoiceField(label=_("department above"), required=False)
    calendar = forms.ModelChoiceField(
        label=_("calendar"),
        queryset=BusinessCalendar.objects.none(),
        required=False,
        empty_label=_("as the department above"),
    )
    valid_from = day_field(
        _("holds from"), help_text=_("What was before this day stays as it was.")
    )

    def __init__(
        self,
        *args: Any,
        chart: OrgChart,
        department: Department | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        below = chart.subtree(department.pk) if department else frozenset()
        parents = department_choices(chart, without=below)
        self.fields["parent"].choices = [("", _("none: at the top")), *parents]  # type: ignore[attr-defined]  # a choice field
        self.fields["calendar"].queryset = BusinessCalendar.objects.order_by("pk")  # type: ignore[attr-defined]  # a model choice field
        if department is not None:
            del self.fields["code"], self.fields["kind"]

    def parent_department(self) -> Department | None:
        """Return the department chosen as the one above."""
        code = self.cleaned_data["parent"]
        return Department.objects.get(code=code) if code else None


class DayForm(forms.Form):
    """Only a day from which something holds."""

    day = day_field(_("from"))


class LineForm(forms.Form):
    """To whom somebody reports, and from when."""

    manager = PersonField(label=_("reports to"))
    day = day_field(_("from"), help_text=_("What was before this day stays as it was."))

    def __init__(self, *args: Any, reader: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, reader, "manager")


class LeadForm(forms.Form):
    """Who leads or deputises, and when."""

    person = PersonField(label=_("person"))
    kind = forms.ChoiceField(label=_("as"), choices=LeadKind.choices)
    valid_from = day_field(_("from"))
    valid_to = day_field(
        _("until"), required=False, help_text=_("The first day on which it no longer holds.")
    )

    def __init__(self, *args: Any, reader: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, reader)


class PositionForm(BilingualForm):
    """A post of a department."""

    pairs = {"title": True}

    code = forms.CharField(label=_("code"), max_length=32)
    title_zh = forms.CharField(label=_("title in Chinese"), max_length=80, required=False)
    title_en = forms.CharField(label=_("title in English"), max_length=80, required=False)


class PositionChangeForm(BilingualForm):
    """What a position is called and where it stands from a day on; `seen` is what the person saw."""

    pairs = {"title": True}

    title_zh = forms.CharField(label=_("title in Chinese"), max_length=80, required=False)
    title_en = forms.CharField(label=_("title in English"), max_length=80, required=False)
    department = forms.ChoiceField(
        label=_("department"), help_text=_("Who holds the position goes with it.")
    )
    reports_to = forms.CharField(
        label=_("reports to the post"),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("The code of the post above. Empty: the heads of departments decide."),
    )
    day = day_field(_("from"), help_text=_("What was before this day stays as it was."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, chart: OrgChart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = department_choices(chart)  # type: ignore[attr-defined]  # a choice field

    def clean_reports_to(self) -> Position | None:
        """Return the post above, or None for none."""
        code = self.cleaned_data["reports_to"].strip()
        if not code:
            return None
        found = list(Position.objects.filter(code__iexact=code)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                gettext("There is no position with the code %(code)s.") % {"code": code},
                code="unknown",
            )
        return found[0]

    def chosen_department(self) -> Department:
        """Return the department chosen."""
        return Department.objects.get(code=self.cleaned_data["department"])


class WhereForm(forms.Form):
    """In which department somebody gets another post, and of what kind."""

    department = forms.ChoiceField(label=_("department"))
    is_concurrent = forms.BooleanField(
        label=_("concurrent: beside the person's main position"), required=False, initial=True
    )

    def __init__(self, *args: Any, chart: OrgChart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = department_choices(chart)  # type: ignore[attr-defined]  # a choice field

    def asked_for(self, person: Person) -> str:
        """Return what the department's form is told, as the query of an address."""
        concurrent = {"concurrent": "1"} if self.cleaned_data["is_concurrent"] else {}
        return urlencode({"person": person.employee_no, **concurrent})


class PlacementForm(forms.Form):
    """Who takes a post, and when."""

    person = PersonField(label=_("person"))
    position = forms.ModelChoiceField(label=_("position"), queryset=Position.objects.none())
    is_concurrent = forms.BooleanField(
        label=_("concurrent: beside the person's main position"), required=False
    )
    valid_from = day_field(_("from"))
    valid_to = day_field(
        _("until"), required=False, help_text=_("The first day on which it no longer holds.")
    )

    def __init__(
        self,
        *args: Any,
        reader: Person,
        department: Department,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, reader)
        self.fields["position"].queryset = open_positions(department)  # type: ignore[attr-defined]  # a model choice field


def initial_of(version: Any, *, parent_code: str, today: date) -> dict[str, Any]:  # noqa: ANN401 - a department on a day
    """Return what the department form shows of a department."""
    return {
        "name_zh": version.name.texts.get("zh-hans", ""),
        "name_en": version.name.texts.get("en", ""),
        "purpose_zh": version.purpose.texts.get("zh-hans", ""),
        "purpose_en": version.purpose.texts.get("en", ""),
        "parent": parent_code,
        "calendar": version.calendar_id,
        "valid_from": today,
    }


def _choose_among(form: forms.Form, reader: Person, name: str = "person") -> None:
    field = form.fields[name]
    if isinstance(field, PersonField):
        field.people = people_visible_to(reader).filter(left_on__isnull=True)
