"""What kinds of notices there are, what they are about, and where they can go: filled at start-up by the modules."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.engines.delivery import Mode, Recipient, Urgency
from neike.kernel.registries import Registry

Text = str | Promise
PRODUCT: Final = "product"
MAIL: Final = "mail"


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """A heading under which kinds stand on the preferences page."""

    key: str
    order: int
    label: Text


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice ("desk.leg_offered"): what it is called, why people get it, how much it presses.

    `modes` says what holds on each channel without a choice of the person; a channel that is missing stands on the
    digest. `may_be_off`: whether the bell may stay silent; where it is the reader's move it may not.
    """

    key: str
    order: int
    group: str
    label: Text
    because: Text
    urgency: Urgency = Urgency.NORMAL
    may_be_off: bool = True
    modes: Mapping[str, Mode] = field(default_factory=dict)

    def default_mode(self, channel: str) -> Mode:
        """Return what holds on a channel without a choice."""
        moves = self.urgency in {Urgency.ACTION, Urgency.URGENT}
        return self.modes.get(channel, Mode.AT_ONCE if moves else Mode.DIGEST)


@dataclass(frozen=True, slots=True)
class SubjectShown:
    """What a notice is about as its reader may know it now; of a confidential thing (`hush`) titles are not said."""

    label: str
    hush: bool = False


@dataclass(frozen=True, slots=True)
class NoticeSubject:
    """A kind of thing notices are about ("ticket"; a notice names it "ticket:17").

    `shown(person, ids, now)` answers for those the person may read now, in a fixed number of queries.
    """

    key: str
    order: int
    shown: Callable[[Any, Collection[int], datetime], Mapping[int, SubjectShown]]


@dataclass(frozen=True, slots=True)
class NoticeChannel:
    """A way to tell people outside the product. `send(bundle, now)` queues the message in the caller's transaction."""

    key: str
    order: int
    label: Text
    send: Callable[[Any, datetime], None]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for a person at a moment: their zone, and what the engine asks of a recipient."""

    zone: str
    recipient: Recipient


Provider = Callable[[Collection[int], datetime], Mapping[int, Circumstances]]

GROUPS: Registry[NoticeGroup] = Registry("notice groups")
KINDS: Registry[NoticeKind] = Registry("notice kinds")
SUBJECTS: Registry[NoticeSubject] = Registry("notice subjects")
CHANNELS: Registry[NoticeChannel] = Registry("notice channels")
OTHER: Final = "other"

GROUPS.register(NoticeGroup(key=OTHER, order=900, label=_("Everything else")))
_OTHER = NoticeKind(
    key=OTHER,
    order=900,
    group=OTHER,
    label=_("Other notices"),
    because=_("It concerns you."),
)
KINDS.register(_OTHER)


def kind_of(key: str) -> NoticeKind:
    """Return a kind, else the family it belongs to ("relations.need_stated" to "relations.need"), else the others."""
    family = key
    while family:
        found = KINDS.get(family)
        if found is not None:
            return found
        family = family.rpartition("_")[0]
    return _OTHER


def _nothing_known(_people: Collection[int], _now: datetime) -> Mapping[int, Circumstances]:
    return {}


_provider: Provider = _nothing_known


def set_circumstances(provider: Provider) -> Provider:
    """Tell the kernel who knows zones, working calendars and absences; returns who answered before."""
    global _provider
    before, _provider = _provider, provider
    return before


def circumstances_of(people: Collection[int], now: datetime) -> Mapping[int, Circumstances]:
    """Return what holds for these people (ids) now, in a fixed number of queries."""
    return _provider(people, now)


def subject_shown(
    person: Any,  # noqa: ANN401 - the kernel knows no person class
    subjects: Collection[str],
    *,
    now: datetime,
) -> dict[str, SubjectShown]:
    """Return what the person may know now of these subjects ("ticket:17"); those they may not read are missing."""
    by_kind: dict[str, set[int]] = {}
    for each in subjects:
        key, _colon, number = each.partition(":")
        if number.isdecimal():
            by_kind.setdefault(key, set()).add(int(number))
    found: dict[str, SubjectShown] = {}
    for key, ids in by_kind.items():
        entry = SUBJECTS.get(key)
        if entry is not None:
            shown = entry.shown(person, ids, now)
            found |= {f"{key}:{pk}": value for pk, value in shown.items()}
    return found
