"""The forms of moves on a leg and of handing over."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.choices import HandOverMode, Priority
from neike.catalog.models import Service
from neike.desk.choices import (
    ReturnReason,
)
from neike.desk.display.offers import Offer
from neike.desk.forms.fields import (
    REASON_LIMIT,
    TEXT_LIMIT,
    MoveForm,
)
from neike.org.models import Person
from neike.org.queries import Colleague


class ReturnForm(MoveForm):
    """Why a leg is given back."""

    why = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ReturnReason, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("What should they know?"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AssignForm(MoveForm):
    """Who gets the work."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Assignee"),
        queryset=Person.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=gettext_lazy("nobody"),
    )

    def __init__(
        self,
        *args: Any,
        agents: QuerySet[Person] | None,
        colleagues: Iterable[Colleague],
        **kwargs: Any,
    ) -> None:
        """Offer `colleagues`; `agents` are the same people, for a form that was sent."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        if agents is not None:
            field.queryset = agents
        offered = [(each.public_id, each.name) for each in colleagues]
        field.choices = [("", field.empty_label), *offered]


class PriorityForm(MoveForm):
    """Another priority and why."""

    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Priority)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WaitForm(MoveForm):
    """What the work waits for and when somebody looks again."""

    reason = forms.CharField(
        label=gettext_lazy("What are you waiting for?"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": ""}),
        help_text=gettext_lazy("The requester reads this."),
    )
    follow_up_at = forms.DateTimeField(
        label=gettext_lazy("Look again at"), widget=forms.DateTimeInput
    )


class AskForm(WaitForm):
    """A question to the requester."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Your question")
        self.fields["reason"].help_text = _("The clock pauses until the answer is there.")


MODES: Final = (
    (
        HandOverMode.RELAY.value,
        gettext_lazy("Relay: you wait for their result and keep the promise to the requester."),
    ),
    (
        HandOverMode.TRANSFER.value,
        gettext_lazy("Transfer: they take it over for good; you are done."),
    ),
    (
        HandOverMode.PARALLEL.value,
        gettext_lazy("Side by side: both work on; you need their result in the end."),
    ),
)


class HandOverForm(MoveForm):
    """To whom, how and what is needed. Each offer shows its promise before anything is sent."""

    offer = forms.ChoiceField(
        label=gettext_lazy("To which department, for what?"),
        help_text=gettext_lazy("Behind each: how soon they accept, and how soon they deliver."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=MODES,
        initial=HandOverMode.RELAY.value,
        widget=forms.RadioSelect,
    )
    ask = forms.CharField(
        label=gettext_lazy("What is needed?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "data-keep": ""}),
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offers = {offer.key: offer for offer in offers}
        groups: dict[str, list[tuple[str, str]]] = {}
        for offer in offers:
            groups.setdefault(offer.department_name, []).append((offer.key, offer.label))
        choices: list[Any] = [("", _("Choose…")), *groups.items()]
        self.fields["offer"].choices = choices  # type: ignore[attr-defined]  # a choice field has some

    def chosen(self) -> tuple[int, Service | None]:
        """Return the department's id and the service (None: its general promise) of a valid form."""
        offer = self._offers[self.cleaned_data["offer"]]
        return offer.department_id, offer.service
