"""What the desk's forms share: several files, the version a move was made on, and limits."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

TEXT_LIMIT: Final = 20_000


REASON_LIMIT: Final = 300


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleans to a list, empty when none was sent."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # noqa: ANN401 - Django's signature
        """Clean each file."""
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        clean = super().clean
        return [clean(each, initial) for each in given]


class MoveForm(forms.Form):
    """What every form of the page carries: the version the person saw."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ReasonForm(MoveForm):
    """A reason that the others read."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OptionalReasonForm(MoveForm):
    """A reason that need not be given."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(MoveForm):
    """A word that goes with a result."""

    note = forms.CharField(
        label=gettext_lazy("What is the result?"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class EmptyForm(forms.Form):
    """A button without fields."""
