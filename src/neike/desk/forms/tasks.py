"""The forms of tasks and checklists."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.forms.controls import PersonField
from neike.desk.forms.fields import MoveForm
from neike.desk.models import ChecklistTemplate
from neike.kernel.texts import LocalizedText
from neike.org.models import Person


class TaskForm(MoveForm):
    """A task to add by hand; its checklist from a template, or line by line."""

    title = forms.CharField(label=gettext_lazy("What is to be done?"), max_length=200)
    template = forms.ChoiceField(label=gettext_lazy("Checklist"), required=False)
    points = forms.CharField(
        label=gettext_lazy("Points of the checklist"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One point per line; they come after those of the checklist."),
    )

    def __init__(self, *args: Any, checklists: Sequence[ChecklistTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._checklists = {str(each.public_id): each for each in checklists}
        choices = [("", _("none")), *((key, str(each)) for key, each in self._checklists.items())]
        self.fields["template"].choices = choices  # type: ignore[attr-defined]  # a choice field has some
        if not checklists:
            self.fields["template"].widget = forms.HiddenInput()

    def checklist(self) -> list[str | LocalizedText]:
        """Return the points of the chosen checklist, then those that were typed."""
        chosen = self._checklists.get(self.cleaned_data["template"])
        kept = [LocalizedText.from_json(each) for each in chosen.items] if chosen else []
        typed = [line.strip() for line in self.cleaned_data["points"].splitlines()]
        return [*kept, *(line for line in typed if line)]


class GiveTaskForm(MoveForm):
    """Who gets a task."""

    def __init__(self, *args: Any, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = PersonField(
            label=_("Assignee"),
            help_text=_("Name, pinyin or number. Empty gives it back to the department."),
            required=False,
            reader=reader,
            on=on,
        )


class ChecklistForm(forms.Form):
    """A checklist in both languages: a name, and one point per line."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )
    title_zh = forms.CharField(
        label=gettext_lazy("Name in Chinese"), max_length=120, required=False
    )
    title_en = forms.CharField(
        label=gettext_lazy("Name in English"), max_length=120, required=False
    )
    items_zh = forms.CharField(
        label=gettext_lazy("Points in Chinese"),
        max_length=15_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One point per line."),
    )
    items_en = forms.CharField(
        label=gettext_lazy("Points in English"),
        max_length=15_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("The same lines in the same order; one language is enough."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a name and for points, and for as many lines in one language as in the other."""
        given = dict(super().clean() or {})
        if not given.get("title_zh") and not given.get("title_en"):
            self.add_error("title_zh", _("Please give the checklist a name."))
        chinese, english = self._lines("items_zh"), self._lines("items_en")
        if not chinese and not english:
            self.add_error("items_zh", _("Please give at least one point."))
        if chinese and english and len(chinese) != len(english):
            text = _("There are %(zh)d points in Chinese and %(en)d in English.")
            self.add_error("items_en", text % {"zh": len(chinese), "en": len(english)})
        return given

    def _lines(self, name: str) -> list[str]:
        lines = str(self.cleaned_data.get(name) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def title(self) -> LocalizedText:
        """The name of a valid form."""
        return LocalizedText.of(zh=self.cleaned_data["title_zh"], en=self.cleaned_data["title_en"])

    @property
    def items(self) -> list[LocalizedText]:
        """The points of a valid form."""
        pairs = zip_longest(self._lines("items_zh"), self._lines("items_en"), fillvalue="")
        return [LocalizedText.of(zh=zh, en=en) for zh, en in pairs]


class NewChecklistForm(ChecklistForm):
    """A new checklist, for one of the departments somebody leads."""

    department = forms.ChoiceField(label=gettext_lazy("Department"))

    def __init__(self, *args: Any, departments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = departments  # type: ignore[attr-defined]  # a choice field has some
        self.order_fields(["version", "department"])
