"""The forms of what people keep for their work: views and macros."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from neike.desk.forms.fields import TEXT_LIMIT
from neike.org.models import Department


class SavedViewForm(forms.Form):
    """The name of a view and who has it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    department = forms.ModelChoiceField(
        label=gettext_lazy("Who has this view?"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=gettext_lazy("only me"),
        to_field_name="public_id",
        help_text=gettext_lazy("A shared view shows everybody only what they may read themselves."),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, departments: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # it has one


class MacroForm(forms.Form):
    """A macro in both languages; one language is enough."""

    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60, required=False)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=60, required=False)
    body_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "These are filled in for each request: {requester}, {number}, {service}, {due}, {agent}."
        ),
    )
    body_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    department = forms.ModelChoiceField(
        label=gettext_lazy("Who has this macro?"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=gettext_lazy("only me"),
        to_field_name="public_id",
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, departments: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # it has one
