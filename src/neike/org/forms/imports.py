"""Forms of the import: the file, and what its columns hold."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.org.importing.columns import FIELDS

MAX_FILES = 20


class SeveralFiles(forms.ClearableFileInput):
    """A field for one file or several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Takes several files at once; its value is the list of them in the order sent."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # noqa: ANN401 - the framework's signature
        """Check each file.

        Raises:
            ValidationError: none was sent, or too many.
        """
        files = data if isinstance(data, list) else [data]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                _("At most %(count)s files are taken at once.") % {"count": MAX_FILES}
            )
        return [super(FilesField, self).clean(each, initial) for each in files]


class UploadForm(forms.Form):
    """The files."""

    file = FilesField(
        label=gettext_lazy("CSV, XLSX or LDIF file"),
        help_text=gettext_lazy(
            "A table with a header row, or the export of a directory; also packed as .gz; up to 25 MB. Send several "
            "files together where one completes the other: what a later one says holds. "
            "Nothing changes before you have seen the preview."
        ),
        widget=SeveralFiles(attrs={"accept": ".csv,.txt,.xlsx,.ldif,.gz,text/csv,text/plain"}),
        allow_empty_file=True,
    )


class SheetForm(forms.Form):
    """Which sheet of a workbook."""

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"] = forms.ChoiceField(
            label=_("Sheet"), choices=[(each, each) for each in sheets]
        )


class ColumnsForm(forms.Form):
    """Which column holds what; the first of several files also asks what happens as a whole."""

    def __init__(
        self, *args: Any, headers: Sequence[str], first: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.width = len(headers)
        choices = [
            ("", _("not in the file")),
            *((str(n), _header(n, h)) for n, h in enumerate(headers)),
        ]
        for field, label in FIELDS.items():
            self.fields[field] = forms.ChoiceField(label=label, choices=choices, required=False)
        if not first:
            return
        self.fields["holds_from"] = forms.DateField(
            label=_("Changes hold from"),
            help_text=_("Blank: today. Where the file gives dates of its own, those hold."),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["end_missing"] = forms.BooleanField(
            label=_("People taken over earlier who are in none of the files leave"),
            help_text=_(
                "Their posts end and they can no longer sign in. Nobody is deleted. Posts that no file names end too."
            ),
            required=False,
        )

    def chosen(self) -> dict[str, int]:
        """Return the number of the column of each field as the form shows it, before it is checked."""
        told = {field: str(self[field].value() or "") for field in FIELDS}
        told |= {field: "0" for field in FIELDS if self[field].value() == 0}
        return {
            field: int(number)
            for field, number in told.items()
            if number.isdecimal() and int(number) < self.width
        }

    def column_fields(
        self, names: Collection[str] = (), *, but: Collection[str] = ()
    ) -> list[BoundField]:
        """Return the fields that name columns: the named ones, or all `but` some."""
        return [
            self[field] for field in FIELDS if field in names or (not names and field not in but)
        ]

    def mapping(self) -> dict[str, int]:
        """Return the number of the column of each field that has one."""
        return {
            field: int(self.cleaned_data[field]) for field in FIELDS if self.cleaned_data[field]
        }


def _header(number: int, header: str) -> str:
    return header[:60] or _("column %(number)s") % {"number": number + 1}
