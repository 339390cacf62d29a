"""Forms for business calendars."""

from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.org.actions.calendar_checks import clock
from neike.org.choices import ExceptionKind, Weekday
from neike.org.forms.texts import BilingualForm, HoursField, day_field
from neike.org.packs import COUNTRIES

MAX_DAYS = 366
_COUNTRY_NAMES = {"CN": gettext_lazy("China (mainland)")}


@cache
def zone_names() -> tuple[str, ...]:
    """Return the zone names people choose from."""
    return tuple(sorted(name for name in available_timezones() if "/" in name))


class CalendarForm(BilingualForm):
    """Name, zone and weekly hours; `revision` is what the person saw."""

    pairs = {"name": True}

    name_zh = forms.CharField(label=gettext_lazy("name in Chinese"), max_length=80, required=False)
    name_en = forms.CharField(label=gettext_lazy("name in English"), max_length=80, required=False)
    zone = forms.CharField(
        label=gettext_lazy("time zone"),
        max_length=64,
        help_text=gettext_lazy("Such as Asia/Shanghai."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("public holidays of"),
        required=False,
        choices=[("", gettext_lazy("no country")), *((c, _COUNTRY_NAMES[c]) for c in COUNTRIES)],
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in Weekday:
            self.fields[f"hours_{day.value}"] = HoursField(label=day.label)

    def week(self) -> list[list[tuple[int, int]]]:
        """Return the hours of the seven days, Monday first."""
        return [self.cleaned_data[f"hours_{day.value}"] for day in Weekday]


class DatesForm(BilingualForm):
    """How dates differ from their weekday."""

    pairs = {"name": False}

    first = day_field(gettext_lazy("date"))
    last = day_field(
        gettext_lazy("until and with"), required=False, help_text=gettext_lazy("For several days.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=ExceptionKind.choices)
    hours = HoursField(
        label=gettext_lazy("hours"),
        help_text=gettext_lazy(
            "For special hours: 09:00-12:00, 13:30-18:00. A worked day without hours takes those of the week."
        ),
    )
    name_zh = forms.CharField(
        label=gettext_lazy("occasion in Chinese"), max_length=80, required=False
    )
    name_en = forms.CharField(
        label=gettext_lazy("occasion in English"), max_length=80, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a range that ends before it starts or is longer than a year."""
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not timedelta() <= last - first < timedelta(days=MAX_DAYS):
            self.add_error("last", _("This must lie after the date, at most a year."))
        return cleaned

    def days(self) -> list[date]:
        """Return every date of the range."""
        first = self.cleaned_data["first"]
        last = self.cleaned_data["last"] or first
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class CopyForm(BilingualForm):
    """The name of a copy."""

    pairs = {"name": True}

    name_zh = forms.CharField(label=gettext_lazy("name in Chinese"), max_length=80, required=False)
    name_en = forms.CharField(label=gettext_lazy("name in English"), max_length=80, required=False)


def hours_text(hours: list[list[int]]) -> str:
    """Write hours as they are typed."""
    return ", ".join(f"{clock(opens)}-{clock(closes)}" for opens, closes in hours)
