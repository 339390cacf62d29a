"""Tell people something, mark it as read, keep how they want to be told, and put messages together."""

from neike.kernel.notices.actions.preferring import (
    PreferencesError,
    drafted,
    keep_preferences,
    mute,
    stop_kinds,
    unmute,
)
from neike.kernel.notices.actions.reading import mark_all_read, mark_read, mark_subject_read
from neike.kernel.notices.actions.telling import (
    About,
    OutsideAddressError,
    OwnMail,
    in_every_language,
    notify,
    notify_all,
)
from neike.kernel.notices.rounds import tell_round

__all__ = [
    "About",
    "OutsideAddressError",
    "OwnMail",
    "PreferencesError",
    "drafted",
    "in_every_language",
    "keep_preferences",
    "mark_all_read",
    "mark_read",
    "mark_subject_read",
    "mute",
    "notify",
    "notify_all",
    "stop_kinds",
    "tell_round",
    "unmute",
]
