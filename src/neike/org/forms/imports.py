"""Forms of the import: the file, and what its columns hold."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.org.importing.columns import FIELDS, REQUIRED


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "UTF-8 or GBK, with a header row; up to 25 MB. Nothing changes before you have seen the preview."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        allow_empty_file=True,
    )


class ColumnsForm(forms.Form):
    """Which column holds what."""

    def __init__(self, *args: Any, headers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("not in the file")),
            *((str(n), _header(n, h)) for n, h in enumerate(headers)),
        ]
        for field, label in FIELDS.items():
            self.fields[field] = forms.ChoiceField(
                label=label, choices=choices, required=field in REQUIRED
            )
        self.fields["end_missing"] = forms.BooleanField(
            label=_("People taken over earlier who are not in this file leave today"),
            help_text=_("Their posts end and they can no longer sign in. Nobody is deleted."),
            required=False,
        )

    def mapping(self) -> dict[str, int]:
        """Return the number of the column of each field that has one."""
        return {
            field: int(self.cleaned_data[field]) for field in FIELDS if self.cleaned_data[field]
        }


def _header(number: int, header: str) -> str:
    return header[:60] or _("column %(number)s") % {"number": number + 1}
