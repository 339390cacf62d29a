"""The forms of asking for approval and of deciding."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.forms.controls import PersonField
from neike.desk.forms.fields import (
    REASON_LIMIT,
    TEXT_LIMIT,
    MoveForm,
)
from neike.org.models import Person


class ApproveForm(MoveForm):
    """An approval; a word may go with it."""

    note = forms.CharField(
        label=gettext_lazy("A word that goes with it"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The requester and the departments read this."),
    )


class RefuseForm(MoveForm):
    """A refusal and why."""

    reason = forms.CharField(
        label=gettext_lazy("Why not?"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The requester and the departments read this."),
    )


class QuestionForm(MoveForm):
    """A question before deciding."""

    question = forms.CharField(
        label=gettext_lazy("Your question"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The requester and the departments read this. You decide later."),
    )


_QUORUMS: Final = (
    ("all", gettext_lazy("All of them must approve")),
    ("any", gettext_lazy("One of them is enough")),
    ("2", gettext_lazy("Two of them must approve")),
)


MOST_ASKED: Final = 4


class AskApprovalForm(MoveForm):
    """Whom one asks to approve what, and how many must agree."""

    question = forms.CharField(
        label=gettext_lazy("What is to be approved?"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Your work waits until they have decided."),
    )
    quorum = forms.ChoiceField(
        label=gettext_lazy("How many must approve?"),
        choices=_QUORUMS,
        initial="all",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_ASKED + 1):
            self.fields[f"approver{number}"] = PersonField(
                label=_("Approver") if number == 1 else _("Approver %(no)d") % {"no": number},
                help_text=_("Name, pinyin or number.") if number == 1 else "",
                required=number == 1,
                reader=reader,
                on=on,
            )
        asked = [f"approver{number}" for number in range(1, MOST_ASKED + 1)]
        self.order_fields(["version", "question", *asked, "quorum"])

    def people(self) -> list[Person]:
        """Return who is asked, each once, in the order they were named."""
        ids = [self.cleaned_data.get(f"approver{n}") for n in range(1, MOST_ASKED + 1)]
        found = {
            str(each.public_id): each for each in Person.objects.filter(public_id__in=_given(ids))
        }
        return [found[each] for each in dict.fromkeys(_given(ids)) if each in found]


def _given(ids: Sequence[str | None]) -> list[str]:
    return [each for each in ids if each]
