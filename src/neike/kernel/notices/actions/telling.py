"""Leave notices, and decide for each how it reaches its person outside the product."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from neike.engines.delivery import Note, Recipient, Urgency, Way, decide
from neike.kernel import live
from neike.kernel.jobs import enqueue
from neike.kernel.notices.jobs import tell
from neike.kernel.notices.kinds import CHANNELS, Circumstances, circumstances_of, kind_of
from neike.kernel.notices.models import ChannelPace, Notice, NoticeDelivery
from neike.kernel.notices.wishes import Kept, kept_of, wishes_of
from neike.kernel.texts import LocalizedText


class OutsideAddressError(ValueError):
    """A notice's address is not a path of ours."""


@dataclass(frozen=True, slots=True)
class OwnMail:
    """The mail a notice becomes when it is told alone; `context` holds ids and plain values."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What else a notice says.

    `subject` ("ticket:17") is what it is about; `because` why its people are told (else what its kind says), filled
    like a title; `urgent` lifts what is the reader's move above their quiet hours, where they allow it; `mail` is
    the mail it becomes when it is told alone.
    """

    subject: str = ""
    because: Promise | LocalizedText | None = None
    urgent: bool = False
    mail: OwnMail | None = None


_PLAIN = About()


def notify(
    *,
    person: Any,  # noqa: ANN401 - the kernel knows no person class
    kind: str,
    url: str,
    title: Promise | LocalizedText,
    now: datetime,
    key: str = "",
    params: Mapping[str, object] | None = None,
    **more: Any,
) -> None:
    """Leave a notice for one person; like `notify_all`, which knows what else may be said."""
    notify_all([person], kind=kind, url=url, title=title, now=now, key=key, params=params, **more)


def notify_all(
    people: Iterable[Any],
    *,
    kind: str,
    url: str,
    title: Promise | LocalizedText,
    now: datetime,
    key: str = "",
    params: Mapping[str, object] | None = None,
    about: About = _PLAIN,
) -> None:
    """Leave each of the people a notice, in the caller's transaction and a fixed number of queries.

    `title` is a `gettext_lazy` text with named placeholders, filled from `params` (a `LocalizedText` among
    them speaks the same language), or a text that already exists in several languages. The same `key` leaves one
    notice to a person, ever. `url` is a path; `kind` ("desk.leg_offered") one of `kinds.KINDS`.

    Raises:
        OutsideAddressError: `url` leads elsewhere.
        KeyError: a placeholder is not among `params`.
    """
    if not url.startswith("/") or url.startswith("//") or "\\" in url:
        raise OutsideAddressError(url)
    told = {one.pk: one for one in people}
    new = set(told) - _known(told, key)
    if not new:
        return
    subject = about.subject
    kept = kept_of(new, subjects=(subject,) if subject else ())
    rings = {pk for pk in new if kept[pk].rings(kind_of(kind), subject)}
    said, why = (
        _said(title, params),
        _said(about.because, params) if about.because else LocalizedText(),
    )
    notices = _stored(
        [
            Notice(
                person_id=pk,
                kind=kind,
                url=url,
                title=said,
                because=why,
                subject=subject,
                key=key,
                created_at=now,
                read_at=None if pk in rings else now,
            )
            for pk in sorted(new)
        ],
        key,
    )
    _deliver(notices, kept, rings=rings, about=about, now=now)
    live.changed(*(f"person:{pk}" for pk in sorted(rings)), now=now)


def in_every_language(text: Promise, params: Mapping[str, object]) -> LocalizedText:
    """Return a text of the product in each of its languages, its placeholders filled."""
    texts: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            template = str(text)
            texts[language] = template % {name: str(value) for name, value in params.items()}
    return LocalizedText(texts, settings.LANGUAGE_CODE)


def _said(text: Promise | LocalizedText, params: Mapping[str, object] | None) -> LocalizedText:
    return text if isinstance(text, LocalizedText) else in_every_language(text, params or {})


def _known(people: Mapping[int, Any], key: str) -> set[int]:
    """Return who has the notice of this key already."""
    if not key:
        return set()
    rows = Notice.objects.filter(person__in=people, key=key)
    return set(rows.values_list("person_id", flat=True))


def _stored(rows: list[Notice], key: str) -> list[Notice]:
    """Store the notices; where another process was faster, go on with its row."""
    if not key:
        return Notice.objects.bulk_create(rows)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    people = [row.person_id for row in rows]
    return list(Notice.objects.filter(person__in=people, key=key).order_by("pk"))


def _deliver(
    notices: list[Notice],
    kept: Mapping[int, Kept],
    *,
    rings: set[int],
    about: About,
    now: datetime,
) -> None:
    """Decide for each notice and channel, and keep what is to be told; what is due now is asked for at once."""
    around = circumstances_of(sorted(kept), now)
    paces = {
        (row.person_id, row.channel): row.last_told_at
        for row in ChannelPace.objects.filter(person__in=sorted(kept))
    }
    rows = [
        row
        for notice in notices
        for channel in CHANNELS
        if (
            row := _delivery(
                notice,
                channel.key,
                kept[notice.person_id],
                around.get(notice.person_id),
                told=paces.get((notice.person_id, channel.key)),
                urgent=about.urgent,
                now=now,
            )
        )
    ]
    for row in rows:
        row.silent = row.person_id not in rings
        if about.mail is not None:
            row.template, row.context = about.mail.template, dict(about.mail.context)
    NoticeDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        if row.way == Way.NOW:
            moment = f"{row.person_id}:{row.channel}:{row.notice_id}"
            enqueue(tell, now=now, key=moment, person_id=row.person_id, channel=row.channel)


def _delivery(
    notice: Notice,
    channel: str,
    kept: Kept,
    around: Circumstances | None,
    *,
    told: datetime | None,
    urgent: bool,
    now: datetime,
) -> NoticeDelivery | None:
    kind = kind_of(notice.kind)
    wishes = wishes_of(kept, kind, channel, around, subject=notice.subject)
    urgency = Urgency.URGENT if urgent and kind.urgency == Urgency.ACTION else kind.urgency
    recipient = around.recipient if around else Recipient()
    recipient = Recipient(recipient.calendar, recipient.away_until, told)
    found = decide(Note(notice.created_at, urgency), wishes, recipient, now=now)
    if found.at is None:
        return None
    return NoticeDelivery(
        notice=notice,
        person_id=notice.person_id,
        channel=channel,
        urgency=urgency.value,
        way=found.way.value,
        due_at=found.at,
        reason=found.reason.value,
    )
