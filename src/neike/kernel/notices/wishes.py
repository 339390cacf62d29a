"""What people want, as the engine reads it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from neike.engines.delivery import DigestTime, Mode, Quiet, Rhythm, Wishes
from neike.kernel import installation
from neike.kernel.notices.kinds import PRODUCT, Circumstances, NoticeKind
from neike.kernel.notices.models import NoticeMute, NoticePreferences

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person has settled: the row (the defaults where there is none) and what they muted of what was asked."""

    preferences: NoticePreferences
    muted: frozenset[str] = field(default_factory=frozenset)

    def mode(self, kind: NoticeKind, channel: str) -> Mode:
        """Return what holds for a kind on a channel outside the product."""
        chosen = self._chosen(kind).get(channel)
        return Mode(chosen) if chosen in set(Mode) else kind.default_mode(channel)

    def rings(self, kind: NoticeKind, subject: str) -> bool:
        """Whether the bell counts such a notice; what is the reader's move always does."""
        if not kind.may_be_off:
            return True
        return self._chosen(kind).get(PRODUCT) != Mode.OFF and subject not in self.muted

    def _chosen(self, kind: NoticeKind) -> Mapping[str, Any]:
        found = self.preferences.choices.get(kind.key, {})
        return found if isinstance(found, dict) else {}


def kept_of(people: Collection[int], *, subjects: Collection[str] = ()) -> dict[int, Kept]:
    """Return what each of these people (ids) has settled; one query, and one for what is muted of `subjects`."""
    rows = {row.person_id: row for row in NoticePreferences.objects.filter(person__in=people)}
    muted: dict[int, set[str]] = {}
    if subjects:
        found = NoticeMute.objects.filter(person__in=people, subject__in=subjects)
        for person_id, subject in found.values_list("person_id", "subject"):
            muted.setdefault(person_id, set()).add(subject)
    return {
        pk: Kept(rows.get(pk) or NoticePreferences(person_id=pk), frozenset(muted.get(pk, ())))
        for pk in people
    }


def own(person: Any) -> Kept:  # noqa: ANN401 - the kernel knows no person class
    """Return what one person has settled; one query."""
    return kept_of([person.pk])[person.pk]


def wishes_of(
    kept: Kept, kind: NoticeKind, channel: str, where: Circumstances | None, *, subject: str = ""
) -> Wishes:
    """Return the engine's view of what a person wants of a kind on a channel."""
    row = kept.preferences
    return Wishes(
        zone=where.zone if where else installation.current().zone,
        mode=kept.mode(kind, channel),
        digest=DigestTime(Rhythm(row.digest), row.digest_at * _MINUTE, row.digest_weekday),
        quiet=Quiet(row.quiet_from * _MINUTE, row.quiet_to * _MINUTE)
        if row.has_quiet_hours
        else None,
        only_working_time=row.only_working_time,
        urgent_anytime=row.urgent_anytime,
        muted=kind.may_be_off and subject in kept.muted,
    )
