"""The forms of what is done to many requests at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.choices import HandOverMode, Priority
from neike.catalog.forms.controls import PersonField
from neike.desk.display.offers import Offer
from neike.desk.forms.fields import REASON_LIMIT, TEXT_LIMIT
from neike.desk.forms.legs import MODES
from neike.desk.models import Macro
from neike.org.models import Person


class BulkForm(forms.Form):
    """What is to be done to many requests; the fields are those of the action."""

    legs = forms.CharField(required=False, max_length=60_000, widget=forms.HiddenInput)
    all = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)


class BulkTextForm(BulkForm):
    """A text for all of them."""

    text = forms.CharField(
        label=gettext_lazy("Message to each requester"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class BulkReplyForm(BulkTextForm):
    """A text for all of them, written now or kept ready."""

    macro = forms.ModelChoiceField(
        label=gettext_lazy("Macro"),
        queryset=Macro.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("none: send what is written below"),
    )
    field_order = ["macro", "text"]

    def __init__(self, *args: Any, macros: QuerySet[Macro], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["macro"].queryset = macros  # type: ignore[attr-defined]  # it has one
        self.fields["text"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two.

        Raises:
            ValidationError: there is neither.
        """
        data = super().clean() or self.cleaned_data
        if not data.get("macro") and not data.get("text", "").strip():
            self.add_error("text", _("Please write something, or choose a macro."))
        return data


class BulkNoteForm(BulkForm):
    """A text that need not be."""

    text = forms.CharField(
        label=gettext_lazy("What was done"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class BulkPriorityForm(BulkForm):
    """A priority and why."""

    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, initial=Priority.NORMAL
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BulkWatcherForm(BulkForm):
    """Who follows."""

    def __init__(self, *args: Any, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(label=_("Who follows?"), reader=reader, on=on)


class BulkHandOverForm(BulkForm):
    """To whom, how and what is needed."""

    offer = forms.ChoiceField(label=gettext_lazy("To which department, for what?"))
    mode = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=MODES,
        initial=HandOverMode.RELAY.value,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What is needed?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offers = {offer.key: offer for offer in offers}
        choices = [(each.key, f"{each.department_name} · {each.label}") for each in offers]
        self.fields["offer"].choices = [("", _("Choose…")), *choices]  # type: ignore[attr-defined]  # a choice field has some

    def chosen(self) -> Offer:
        """Return the offer of a valid form."""
        return self._offers[self.cleaned_data["offer"]]
