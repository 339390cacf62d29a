"""Keep how people want to be told."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from neike.engines.delivery import Mode, Quiet
from neike.kernel.notices.kinds import CHANNELS, KINDS, MAIL, PRODUCT, kind_of
from neike.kernel.notices.models import NoticeBundle, NoticeMute, NoticePreferences

_MINUTE = 60
_OWN_FIELDS = frozenset(
    {
        "digest",
        "digest_at",
        "digest_weekday",
        "has_quiet_hours",
        "quiet_from",
        "quiet_to",
        "only_working_time",
        "urgent_anytime",
    }
)


class PreferencesError(ValidationError):
    """What was chosen cannot be kept; the message says why."""


@transaction.atomic
def keep_preferences(
    *,
    person: Any,  # noqa: ANN401 - the kernel knows no person class
    choices: Mapping[str, Mapping[str, str]] | None = None,
    **fields: Any,
) -> NoticePreferences:
    """Keep what a person chose; what is not named stays. `choices` is {kind: {channel: mode}}.

    Only what differs from the defaults of a kind is stored, so that later defaults reach people who chose nothing.

    Raises:
        PreferencesError: an unknown kind, channel or mode, a kind that may not be off, or impossible hours.
    """
    unknown = set(fields) - _OWN_FIELDS
    if unknown:
        raise PreferencesError(_("There is no such preference: %s") % ", ".join(sorted(unknown)))
    NoticePreferences.objects.get_or_create(person=person)
    row = NoticePreferences.objects.select_for_update().get(person=person)
    drafted(row, choices=choices, **fields).save()
    return row


def drafted(
    row: NoticePreferences,
    *,
    choices: Mapping[str, Mapping[str, str]] | None = None,
    **fields: Any,
) -> NoticePreferences:
    """Put what was chosen into a row and check it; nothing is stored.

    Raises:
        PreferencesError: as `keep_preferences`.
    """
    for name, value in fields.items():
        setattr(row, name, value)
    if choices is not None:
        row.choices = _merged(row.choices, choices)
    _check(row)
    return row


def _merged(
    stored: Mapping[str, Any], choices: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    merged = {key: dict(value) for key, value in stored.items()}
    for key, wanted in choices.items():
        kind = KINDS.get(key)
        if kind is None:
            raise PreferencesError(_("There is no such kind of notice: %s") % key)
        own = merged.setdefault(key, {})
        for channel, mode in wanted.items():
            _check_choice(key, channel, mode)
            usual = Mode.AT_ONCE if channel == PRODUCT else kind.default_mode(channel)
            if mode == usual:
                own.pop(channel, None)
            else:
                own[channel] = mode
    return {key: value for key, value in merged.items() if value}


def _check_choice(key: str, channel: str, mode: str) -> None:
    if channel == PRODUCT:
        if mode not in {Mode.AT_ONCE, Mode.OFF}:
            raise PreferencesError(_("In the product a notice comes at once or not at all."))
        if mode == Mode.OFF and not kind_of(key).may_be_off:
            raise PreferencesError(_("What asks you to act cannot be switched off in the product."))
    elif CHANNELS.get(channel) is None or mode not in set(Mode):
        raise PreferencesError(_("There is no such way to be told."))


def _check(row: NoticePreferences) -> None:
    try:
        row.full_clean(exclude=["person"])
        if row.has_quiet_hours:
            Quiet(row.quiet_from * _MINUTE, row.quiet_to * _MINUTE)
    except ValueError as error:
        raise PreferencesError(_("Quiet hours last at most 16 hours and are not empty.")) from error
    except ValidationError as error:
        raise PreferencesError(error.messages) from error


def mute(*, person: Any, subject: str, now: datetime) -> None:  # noqa: ANN401
    """Let a person hear no more of something than what is theirs to do; doing it twice does it once."""
    NoticeMute.objects.get_or_create(person=person, subject=subject, defaults={"since": now})


def unmute(*, person: Any, subject: str) -> None:  # noqa: ANN401
    """Let a person hear of something again."""
    NoticeMute.objects.filter(person=person, subject=subject).delete()


def stop_kinds(*, bundle: NoticeBundle) -> list[str]:
    """Switch off the mails of the kinds that one message told of; return their keys. Notices in the product stay."""
    found = bundle.deliveries.values_list("notice__kind", flat=True)
    kinds: Collection[str] = sorted({kind_of(key).key for key in found})
    keep_preferences(person=bundle.person, choices={key: {MAIL: Mode.OFF.value} for key in kinds})
    return list(kinds)
