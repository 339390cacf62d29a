"""The forms that relate, merge and split requests. Another request is meant by its number or by words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.models import Service
from neike.desk import queries
from neike.desk.choices import LinkKind
from neike.desk.forms.bulk import BulkForm
from neike.desk.forms.fields import REASON_LIMIT, MoveForm, NoteForm
from neike.desk.models import Ticket
from neike.kernel.ids import new_public_id
from neike.org.models import Person

_LONGEST: Final = 240
LINK_CHOICES: Final = (
    (LinkKind.RELATED.value, gettext_lazy("See also: the two have to do with each other")),
    (LinkKind.DUPLICATES.value, gettext_lazy("This one asks for the same as the other")),
    (LinkKind.DUPLICATED_BY.value, gettext_lazy("The other one asks for the same as this")),
    (LinkKind.CAUSED_BY.value, gettext_lazy("This one was caused by the other")),
    (LinkKind.CAUSES.value, gettext_lazy("This one is the cause of the other")),
    (LinkKind.CHILD_OF.value, gettext_lazy("This one is a part of the other")),
    (LinkKind.PARENT_OF.value, gettext_lazy("The other one is a part of this")),
)


class RequestInput(forms.TextInput):
    """A text input that suggests requests while one types; without scripts a number is enough."""

    template_name = "desk/widgets/request.html"


class RequestField(forms.CharField):
    """Takes a number ("R-1042", "1042") or words that fit one request the reader may read; gives the request."""

    widget = RequestInput

    def __init__(self, *, reader: Person, now: datetime, **kwargs: Any) -> None:
        super().__init__(
            label=_("Which request?"),
            help_text=_("Its number, or words from it."),
            max_length=_LONGEST,
            **kwargs,
        )
        self.reader, self.now = reader, now

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Return the one request meant.

        Raises:
            ValidationError: none fits that the reader may read, or several do.
        """
        text = super().clean(value)
        found = queries.requests_meant(self.reader, text, now=self.now)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                _("You can read no request that fits “%(text)s”.") % {"text": text}
            )
        names = _("; ").join(request_label(each) for each in found[:5])
        raise ValidationError(
            _("Several requests fit; please give the number of one: %(names)s.") % {"names": names}
        )


def request_label(ticket: Ticket) -> str:
    """Return what stands in the input for a request."""
    return f"{ticket} {ticket.title}"


class LinkForm(MoveForm):
    """Which request, and how the two are related."""

    def __init__(self, *args: Any, reader: Person, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = RequestField(reader=reader, now=now)
        self.fields["link"] = forms.ChoiceField(
            label=_("How are they related?"), choices=LINK_CHOICES, widget=forms.RadioSelect
        )
        self.fields["link"].initial = LinkKind.RELATED.value


class MergeForm(MoveForm):
    """Into which request, and why."""

    def __init__(self, *args: Any, reader: Person, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = RequestField(reader=reader, now=now)
        self.fields["other"].help_text = _(
            "Its number, or words from it. This request ends and goes on there; its conversation stays readable here, its people follow the other one and are told. It can be undone for ten minutes."
        )
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            max_length=REASON_LIMIT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class UnlinkForm(forms.Form):
    """Which relation is taken away."""

    other = forms.IntegerField(min_value=1, max_value=10**18)
    link = forms.ChoiceField(choices=LinkKind)


class ResolveForm(NoteForm):
    """A word that goes with a result, and whether the open parts are resolved, too."""

    parts = forms.BooleanField(
        label=gettext_lazy("Resolve its open parts, too"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Each as far as you may and as its own state allows; you are told which were not. Their requesters get the same words."
        ),
    )


class SplitForm(forms.Form):
    """Which messages become a request, of which service."""

    messages = forms.MultipleChoiceField(
        label=gettext_lazy("Messages to take along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They are copied with their files; nothing is lost here."),
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"),
        queryset=Service.objects.none(),
        to_field_name="public_id",
        empty_label=gettext_lazy("Choose…"),
    )
    title = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    part = forms.BooleanField(
        label=gettext_lazy("The new request is a part of this one"),
        required=False,
        help_text=gettext_lazy(
            "Then this page shows how it stands, and both can be resolved together."
        ),
    )
    client_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        messages: Sequence[tuple[str, str]],
        services: Any,  # noqa: ANN401 - a queryset of services
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_key"].initial = str(new_public_id())
        self.fields["messages"].choices = messages  # type: ignore[attr-defined]  # a choice field has some
        self.fields["service"].queryset = services  # type: ignore[attr-defined]  # it has one
        if not messages:
            self.fields["messages"].widget = forms.MultipleHiddenInput()


class BulkMergeForm(BulkForm):
    """Into which request all of them go."""

    def __init__(self, *args: Any, reader: Person, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = RequestField(reader=reader, now=now)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), max_length=REASON_LIMIT, required=False
        )


class BulkLinkForm(BulkForm):
    """To which request all of them are related, and how."""

    def __init__(self, *args: Any, reader: Person, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = RequestField(reader=reader, now=now)
        self.fields["link"] = forms.ChoiceField(
            label=_("How are they related?"), choices=LINK_CHOICES, initial=LinkKind.RELATED.value
        )
