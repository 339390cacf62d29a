"""Forms that merge departments and divide one."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.kernel.texts import LocalizedText
from neike.org.actions.succession import Founding, Part, placements_from, vacant_positions
from neike.org.forms.people import PersonField
from neike.org.forms.structure import department_choices
from neike.org.forms.texts import day_field
from neike.org.models import Department, Person
from neike.org.queries import people_visible_to
from neike.org.queries.directory import present
from neike.org.standing import OrgChart

NEW: Final = "+"
"""The choice of a department to be founded; no code is that short and odd."""
LEAST_PARTS: Final = 2
MOST_PARTS: Final = 6
_LETTERS: Final = "ABCDEF"


class OnForm(forms.Form):
    """The day whose organisation is looked at."""

    on = day_field(gettext_lazy("as it was on"))


class _Founds(forms.Form):
    """What both forms need to found a department."""

    def _need_founding(self, code: str, zh: str, en: str) -> None:
        if not self.cleaned_data.get(code):
            self.add_error(code, _("A new department needs a code."))
        if not (self.cleaned_data.get(zh) or self.cleaned_data.get(en)):
            self.add_error(zh, _("Fill in at least one language."))


class MergeForm(_Founds):
    """Which departments go on in which one, from when."""

    predecessors = forms.MultipleChoiceField(
        label=gettext_lazy("departments that merge"), widget=forms.CheckboxSelectMultiple
    )
    into = forms.ChoiceField(label=gettext_lazy("into"))
    code = forms.CharField(
        label=gettext_lazy("code of the new department"), max_length=32, required=False
    )
    name_zh = forms.CharField(
        label=gettext_lazy("its name in Chinese"), max_length=80, required=False
    )
    name_en = forms.CharField(
        label=gettext_lazy("its name in English"), max_length=80, required=False
    )
    parent = forms.ChoiceField(label=gettext_lazy("it stands below"), required=False)
    lead = PersonField(label=gettext_lazy("who leads what they merge into"), required=False)
    day = day_field(
        gettext_lazy("from"),
        help_text=gettext_lazy("The first day of the new organisation: past, today or to come."),
    )

    def __init__(self, *args: Any, chart: OrgChart, reader: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = department_choices(chart)
        self._set("predecessors", choices)
        self._set("into", [(NEW, _("a new department")), *choices])
        self._set("parent", [("", _("none: at the top")), *choices])
        _choose(self, "lead", reader, chart)

    def _set(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # choice fields

    def clean(self) -> dict[str, Any]:
        """Ask for a code and a name only where a department is founded."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("into") == NEW:
            self._need_founding("code", "name_zh", "name_en")
        return cleaned

    def merging(self) -> list[Department]:
        """Return the departments that merge."""
        return list(Department.objects.filter(code__in=self.cleaned_data["predecessors"]))

    def successor(self) -> Department | Founding:
        """Return what they merge into."""
        data = self.cleaned_data
        if data["into"] != NEW:
            return Department.objects.get(code=data["into"])
        return Founding(
            code=data["code"],
            name=LocalizedText.of(zh=data["name_zh"], en=data["name_en"]),
            parent=Department.objects.get(code=data["parent"]) if data["parent"] else None,
        )


class SplitForm(_Founds):
    """Into what a department is divided, and who and what goes where."""

    day = day_field(
        gettext_lazy("from"),
        help_text=gettext_lazy("The first day of the new organisation: past, today or to come."),
    )

    def __init__(
        self,
        *args: Any,
        department: Department,
        chart: OrgChart,
        reader: Person,
        parts: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.department, self.chart, self.reader = department, chart, reader
        self.letters = _LETTERS[:parts]
        self.placements = list(placements_from(department, chart.on))
        self.vacant = list(vacant_positions(department, chart.on))
        self.below = [each for each in chart.children(department.pk) if chart.is_active(each)]
        for letter in self.letters:
            self._add_part(letter)
        self._add_assignments()

    def _add_part(self, letter: str) -> None:
        own = [
            (
                self.department.code,
                _("%(name)s itself goes on") % {"name": self.chart.name(self.department.pk)},
            ),
        ]
        others = department_choices(self.chart, without=frozenset({self.department.pk}))
        self.fields[f"into_{letter}"] = forms.ChoiceField(
            label=_("goes on in"), choices=[(NEW, _("a new department")), *own, *others]
        )
        for name, label, length in (
            ("code", _("code of the new department"), 32),
            ("zh", _("its name in Chinese"), 80),
            ("en", _("its name in English"), 80),
        ):
            self.fields[f"{name}_{letter}"] = forms.CharField(
                label=label, max_length=length, required=False
            )
        self.fields[f"lead_{letter}"] = PersonField(label=_("lead"), required=False)
        _choose(self, f"lead_{letter}", self.reader, self.chart)

    def _add_assignments(self) -> None:
        choices = [(letter, _("part %(letter)s") % {"letter": letter}) for letter in self.letters]
        self.fields["rest"] = forms.ChoiceField(
            label=_("everybody and everything not assigned below"),
            required=False,
            choices=[("", _("goes nowhere: refuse the split")), *choices],
        )
        for name, label in self._assigned():
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", _("as said above")), *choices]
            )

    def _assigned(self) -> Iterator[tuple[str, str]]:
        for row in self.placements:
            words = f"{row.person.name} · {row.position.title}"
            yield f"placement_{row.pk}", words if row.is_primary else f"{words} ({_('concurrent')})"
        for position in self.vacant:
            yield f"position_{position.pk}", f"{position.title} · {position.code}"
        for child in self.below:
            yield f"child_{child}", self.chart.name(child)

    def clean(self) -> dict[str, Any]:
        """Ask for a code and a name only where a department is founded."""
        cleaned = super().clean() or self.cleaned_data
        for letter in self.letters:
            if cleaned.get(f"into_{letter}") == NEW:
                self._need_founding(f"code_{letter}", f"zh_{letter}", f"en_{letter}")
        return cleaned

    def part_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields of each part under its letter, for the page."""
        return [
            (letter, [self[f"{name}_{letter}"] for name in ("into", "code", "zh", "en", "lead")])
            for letter in self.letters
        ]

    def people_fields(self) -> list[forms.BoundField]:
        """Return the fields that assign people."""
        return self._starting("placement_")

    def position_fields(self) -> list[forms.BoundField]:
        """Return the fields that assign vacant positions."""
        return self._starting("position_")

    def child_fields(self) -> list[forms.BoundField]:
        """Return the fields that assign the departments below."""
        return self._starting("child_")

    def _starting(self, prefix: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    def parts(self) -> list[Part]:
        """Return the parts with who and what goes into each."""
        known = {each.pk: each for each in Department.objects.filter(pk__in=self.below)}
        return [
            Part(
                department=self._department(letter),
                placements=[row for row in self.placements if self._is(letter, "placement", row)],
                positions=[row for row in self.vacant if self._is(letter, "position", row)],
                children=[each for each in known.values() if self._is(letter, "child", each)],
                lead=self.cleaned_data[f"lead_{letter}"],
            )
            for letter in self.letters
        ]

    def _is(self, letter: str, kind: str, row: Any) -> bool:  # noqa: ANN401 - any row
        said = self.cleaned_data[f"{kind}_{row.pk}"] or self.cleaned_data["rest"]
        return bool(said == letter)

    def _department(self, letter: str) -> Department | Founding:
        data = self.cleaned_data
        if data[f"into_{letter}"] != NEW:
            return Department.objects.get(code=data[f"into_{letter}"])
        above = self.chart.parent(self.department.pk)
        return Founding(
            code=data[f"code_{letter}"],
            name=LocalizedText.of(zh=data[f"zh_{letter}"], en=data[f"en_{letter}"]),
            parent=Department.objects.get(pk=above) if above else None,
            kind=self.department.kind,
        )


def known_departments(found: Sequence[Department | Founding]) -> list[Department]:
    """Return those that exist already."""
    return [each for each in found if isinstance(each, Department)]


def _choose(form: forms.Form, name: str, reader: Person, chart: OrgChart) -> None:
    field = form.fields[name]
    if isinstance(field, PersonField):
        field.people = present(people_visible_to(reader), on=chart.on)
