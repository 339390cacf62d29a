"""The form of a recurring request."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _

from neike.catalog.forms.controls import PersonField
from neike.desk.actions.recurring import Schedule
from neike.desk.choices import (
    DateShift,
    RepeatRhythm,
)
from neike.org.models import Person

WEEKDAYS: Final = tuple(WEEKDAY_NAMES.values())


class ScheduleForm(forms.Form):
    """When a request is made again."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, reader: Person, on: date, for_others: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        month_days = [("0", _("the last working day")), *((str(n), str(n)) for n in range(1, 32))]
        self.fields |= {
            "title": forms.CharField(label=_("Subject"), max_length=200, required=False),
            "rhythm": forms.ChoiceField(label=_("How often"), choices=RepeatRhythm.choices),
            "weekday": forms.ChoiceField(
                label=_("Weekday"),
                choices=[(str(number), name) for number, name in enumerate(WEEKDAYS, start=1)],
                required=False,
                help_text=_("For every week."),
            ),
            "month_day": forms.ChoiceField(
                label=_("Day of the month"),
                choices=month_days,
                initial="1",
                required=False,
                help_text=_("For every month and every three months."),
            ),
            "shift": forms.ChoiceField(
                label=_("When that day is not worked"), choices=DateShift.choices, required=False
            ),
            "starts": forms.DateField(label=_("First day"), initial=on),
            "ends": forms.DateField(
                label=_("Last day"), required=False, help_text=_("Empty: until you stop it.")
            ),
        }
        if for_others:
            self.fields["requester"] = PersonField(
                label=_("For whom"), required=False, reader=reader, on=on
            )

    def clean(self) -> dict[str, Any]:
        """Hold the last day against the first."""
        found = dict(super().clean() or {})
        starts, ends = found.get("starts"), found.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day lies before the first."))
        return found

    def schedule(self) -> Schedule:
        """Return what the actions take, after `is_valid()`."""
        given = self.cleaned_data
        weekly = given["rhythm"] == RepeatRhythm.WEEKLY
        return Schedule(
            rhythm=given["rhythm"],
            day=int((given["weekday"] if weekly else given["month_day"]) or "1"),
            starts=given["starts"],
            ends=given["ends"],
            shift=given["shift"] or DateShift.AFTER,
        )
