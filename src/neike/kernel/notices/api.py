"""Notices and preferences for programs: the same actions as the pages. `router` is mounted by `config.api`."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from neike.kernel.notices import actions, queries
from neike.kernel.notices.kinds import CHANNELS, KINDS, PRODUCT, kind_of, subject_shown
from neike.kernel.notices.mailing import title_of
from neike.kernel.notices.models import Notice, NoticePreferences
from neike.kernel.notices.wishes import Kept, own
from neike.kernel.policies import policy

router = Router(tags=["notices"])
MOST = 100


class NoticeShown(Schema):
    """One notice, in your language. `subject` ("ticket:17") can be muted; `because` says why you are told."""

    id: int
    kind: str
    title: str
    because: str
    subject: str
    url: str
    created_at: datetime
    read_at: datetime | None


class PreferencesShown(Schema):
    """How you are told. Times are minutes of your own day; `choices` is {kind: {channel: mode}}, all of them."""

    digest: str
    digest_at: int
    digest_weekday: int
    has_quiet_hours: bool
    quiet_from: int
    quiet_to: int
    only_working_time: bool
    urgent_anytime: bool
    choices: dict[str, dict[str, str]]
    muted: list[str]


class PreferencesChange(Schema):
    """What is to be kept; what is left out stays as it is."""

    digest: str | None = None
    digest_at: int | None = Field(None, ge=0, lt=1440)
    digest_weekday: int | None = Field(None, ge=0, lt=7)
    has_quiet_hours: bool | None = None
    quiet_from: int | None = Field(None, ge=0, lt=1440)
    quiet_to: int | None = Field(None, ge=0, lt=1440)
    only_working_time: bool | None = None
    urgent_anytime: bool | None = None
    choices: dict[str, dict[str, str]] | None = None


class Refused(Schema):
    """Why nothing was kept."""

    code: str
    detail: list[str]


class Count(Schema):
    """How many notices changed."""

    count: int


def _shown(notice: Notice, known: dict[str, Any]) -> NoticeShown:
    about = known.get(notice.subject)
    kind = kind_of(notice.kind)
    title = str(notice.title)
    if notice.subject:
        title = title_of(notice, about) if about else str(kind.label)
    return NoticeShown(
        id=notice.pk,
        kind=notice.kind,
        title=title,
        because=str(notice.because) or str(kind.because),
        subject=notice.subject,
        url=notice.url,
        created_at=notice.created_at,
        read_at=notice.read_at,
    )


@router.get("/notices", response=list[NoticeShown])
@policy("notices.own")
def notices(request: HttpRequest, *, unread: bool = False) -> list[NoticeShown]:
    """List your last 100 notices, newest first."""
    mine = queries.notices_visible_to(request.user)
    rows = list((mine.filter(read_at__isnull=True) if unread else mine).order_by("-pk")[:MOST])
    subjects = {row.subject for row in rows if row.subject}
    known = subject_shown(request.user, subjects, now=timezone.now()) if subjects else {}
    return [_shown(row, known) for row in rows]


@router.post("/notices/read", response=Count)
@policy("notices.own")
def read_all(request: HttpRequest) -> Count:
    """Mark all your notices as read."""
    return Count(count=actions.mark_all_read(person=request.user, now=timezone.now()))


@router.post("/notices/{int:notice_id}/read", response=NoticeShown)
@policy("notices.own")
def read_one(request: HttpRequest, notice_id: int) -> NoticeShown:
    """Mark one of your notices as read."""
    now = timezone.now()
    actions.mark_read(person=request.user, notice_id=notice_id, now=now)
    found = get_object_or_404(queries.notices_visible_to(request.user), pk=notice_id)
    known = subject_shown(request.user, {found.subject}, now=now) if found.subject else {}
    return _shown(found, known)


@router.get("/notices/preferences", response=PreferencesShown)
@policy("notices.own")
def preferences(request: HttpRequest) -> PreferencesShown:
    """Read how you are told."""
    return _preferences(request)


@router.patch("/notices/preferences", response={200: PreferencesShown, 422: Refused})
@policy("notices.own")
def change_preferences(request: HttpRequest, body: PreferencesChange) -> Status[Any]:
    """Change how you are told. Channels: `product` (at_once, off), `mail` (at_once, digest, off)."""
    fields = body.dict(exclude_none=True)
    try:
        actions.keep_preferences(person=request.user, **fields)
    except actions.PreferencesError as error:
        return Status(422, Refused(code="invalid", detail=error.messages))
    return Status(200, _preferences(request))


def _preferences(request: HttpRequest) -> PreferencesShown:
    kept = own(request.user)
    row: NoticePreferences = kept.preferences
    return PreferencesShown(
        digest=row.digest,
        digest_at=row.digest_at,
        digest_weekday=row.digest_weekday,
        has_quiet_hours=row.has_quiet_hours,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        only_working_time=row.only_working_time,
        urgent_anytime=row.urgent_anytime,
        choices={kind.key: _modes(kept, kind.key) for kind in KINDS},
        muted=[each.subject for each in queries.muted_by(request.user)],
    )


def _modes(kept: Kept, key: str) -> dict[str, str]:
    kind = kind_of(key)
    modes = {channel.key: kept.mode(kind, channel.key).value for channel in CHANNELS}
    return {PRODUCT: "at_once" if kept.rings(kind, "") else "off", **modes}


@router.post("/notices/mute/{slug:kind}/{int:number}", response={204: None})
@policy("notices.own")
def mute(request: HttpRequest, kind: str, number: int) -> Status[None]:
    """Hear no more of one thing ("ticket", its number inside) than what asks you to act."""
    subject, now = f"{kind}:{number}", timezone.now()
    _require_readable(request, subject, now)
    actions.mute(person=request.user, subject=subject, now=now)
    return Status(204, None)


@router.delete("/notices/mute/{slug:kind}/{int:number}", response={204: None})
@policy("notices.own")
def unmute(request: HttpRequest, kind: str, number: int) -> Status[None]:
    """Hear of it again."""
    actions.unmute(person=request.user, subject=f"{kind}:{number}")
    return Status(204, None)


def _require_readable(request: HttpRequest, subject: str, now: datetime) -> None:
    if subject not in subject_shown(request.user, {subject}, now=now):
        raise Http404
