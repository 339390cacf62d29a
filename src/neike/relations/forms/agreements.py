"""The forms about agreements: proposing, signing, declining or ending, the next review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neike.catalog.models import Service
from neike.relations.choices import Side
from neike.relations.forms.needs import VersionForm


class ProposalForm(forms.Form):
    """Which service's published standard both sides shall sign."""

    service = forms.ChoiceField(
        label=_("Service"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a service.")},
    )

    def __init__(self, *args: Any, services: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {str(each.public_id): each for each in services}
        choice = self.fields["service"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        choice.choices = [(key, str(each.name)) for key, each in self.services.items()]

    @property
    def chosen(self) -> Service:
        """The service whose standard is to be signed."""
        return self.services[self.cleaned_data["service"]]


class SignForm(VersionForm):
    """For which side one signs, as of which version."""

    side = forms.ChoiceField(
        choices=[(each, each.label) for each in (Side.PROVIDER, Side.CUSTOMER)]
    )


class ReasonForm(VersionForm):
    """Why one declines, or ends what is in force."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The other side reads it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Please give a reason the other side can read.")},
    )


class ReviewedForm(VersionForm):
    """That both still live by the agreement, and when to look at it again."""

    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        help_text=_("In half a year unless you choose another day."),
        widget=forms.DateInput,
    )
