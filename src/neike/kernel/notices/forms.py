"""How one wants to be told, as a form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neike.engines.delivery import Mode
from neike.kernel.notices.choices import DeliveryMode, DigestRhythm
from neike.kernel.notices.kinds import CHANNELS, GROUPS, KINDS, PRODUCT, NoticeGroup, NoticeKind
from neike.kernel.notices.models import NoticePreferences
from neike.kernel.notices.wishes import Kept

TIMES = ("digest_at", "quiet_from", "quiet_to")
PLAIN = ("digest", "digest_weekday", "has_quiet_hours", "only_working_time", "urgent_anytime")


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind on the page: its field for the bell (None: always on) and one for each channel."""

    kind: NoticeKind
    bell: Any
    channels: list[Any]


@dataclass(frozen=True, slots=True)
class GroupRows:
    """The kinds under one heading."""

    group: NoticeGroup
    rows: list[KindRow]


class PreferencesForm(forms.Form):
    """Digest, quiet hours, working time, and for each kind of notice what one wants on each channel."""

    digest = forms.ChoiceField(label=_("Digest by mail"), choices=DigestRhythm)
    digest_at = forms.TimeField(label=pgettext_lazy("time", "At"), widget=forms.TimeInput())
    digest_weekday = forms.TypedChoiceField(
        label=_("On (when once a week)"), coerce=int, choices=lambda: list(WEEKDAYS.items())
    )
    has_quiet_hours = forms.BooleanField(label=_("No mails in my quiet hours"), required=False)
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput())
    quiet_to = forms.TimeField(label=_("Quiet until"), widget=forms.TimeInput())
    only_working_time = forms.BooleanField(
        label=_("Mails only in my working time"),
        help_text=_("By the calendar of your department; nothing waits longer than four days."),
        required=False,
    )
    urgent_anytime = forms.BooleanField(
        label=_("Urgent requests that wait for me may reach me at any time"), required=False
    )

    def __init__(self, *args: Any, kept: Kept, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(kept.preferences))
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            if kind.may_be_off:
                rings = kept.rings(kind, "")
                self.fields[_name(PRODUCT, kind)] = forms.BooleanField(
                    label=_("At the bell"), required=False, initial=rings
                )
            for channel in CHANNELS:
                mode = kept.mode(kind, channel.key)
                self.fields[_name(channel.key, kind)] = forms.ChoiceField(
                    label=str(channel.label), choices=DeliveryMode, initial=mode.value
                )

    def groups(self) -> Iterator[GroupRows]:
        """Yield the kinds under their headings, in the registries' order; empty headings are left out."""
        for group in GROUPS:
            rows = [
                KindRow(
                    kind,
                    self[_name(PRODUCT, kind)] if kind.may_be_off else None,
                    [self[_name(channel.key, kind)] for channel in CHANNELS],
                )
                for kind in KINDS
                if kind.group == group.key
            ]
            if rows:
                yield GroupRows(group, rows)

    def settled(self) -> dict[str, Any]:
        """Return the clean values as `keep_preferences` takes them; read after `is_valid`."""
        data = self.cleaned_data
        return {
            **{name: _minutes(data[name]) for name in TIMES},
            **{name: data[name] for name in PLAIN},
            "choices": {kind.key: dict(self._modes(kind, data)) for kind in KINDS},
        }

    def _modes(self, kind: NoticeKind, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if kind.may_be_off:
            rings = data[_name(PRODUCT, kind)]
            yield PRODUCT, (Mode.AT_ONCE if rings else Mode.OFF).value
        for channel in CHANNELS:
            yield channel.key, data[_name(channel.key, kind)]


def _name(channel: str, kind: NoticeKind) -> str:
    return f"{channel}-{kind.key.replace('.', '-')}"


def _initial(row: NoticePreferences) -> dict[str, Any]:
    times = {name: time(*divmod(getattr(row, name), 60)) for name in TIMES}
    return times | {name: getattr(row, name) for name in PLAIN}


def _minutes(value: time) -> int:
    return value.hour * 60 + value.minute
