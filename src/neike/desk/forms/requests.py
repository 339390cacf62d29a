"""The forms of a request: its head, its messages and who follows it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.choices import Priority
from neike.catalog.forms.controls import PersonField
from neike.desk.forms.fields import TEXT_LIMIT, FilesField
from neike.kernel.ids import new_public_id
from neike.org.models import Person


class MessageForm(forms.Form):
    """A message or an internal note, with files."""

    body = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "data-composer": "", "data-keep": ""}),
        help_text=gettext_lazy("Markdown works. Paste or drop pictures into the text."),
    )
    files = FilesField(label=gettext_lazy("Files"), required=False)  # type: ignore[assignment]  # declared as a field
    attached = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    client_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_key"].initial = str(new_public_id())


class HeadForm(forms.Form):
    """What every new request says beside the fields of its service."""

    title = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Leave it empty and we take it from your answers."),
    )
    priority = forms.ChoiceField(label=gettext_lazy("How urgent is it?"), choices=Priority)
    requester = forms.CharField(required=False)
    files = FilesField(  # type: ignore[assignment]  # a form has `files` of its own, set per instance
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("Pictures and documents that help to understand."),
    )
    attached = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    client_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, reader: Person, on: date, for_others: bool, usual: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_key"].initial = str(new_public_id())
        self.fields["priority"].initial = usual
        self.fields["priority"].required = False
        if for_others:
            self.fields["requester"] = PersonField(
                label=_("For a colleague"),
                help_text=_("Name, pinyin or number. Leave it empty when it is for you."),
                required=False,
                reader=reader,
                on=on,
            )
        else:
            del self.fields["requester"]


class FollowerForm(forms.Form):
    """Somebody to let follow; their public id."""

    def __init__(self, *args: Any, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"] = PersonField(
            label=_("Name, pinyin, number or e-mail"), reader=reader, on=on
        )
