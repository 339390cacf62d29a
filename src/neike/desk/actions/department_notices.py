"""What departments tell their customers: drafted, published, updated, ended, withdrawn; nothing said is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from neike.catalog.models import Service
from neike.desk import events, policies
from neike.desk.actions.errors import DeskError
from neike.desk.choices import NoticeChange, NoticeKind, NoticeState
from neike.desk.live import topics_of_notice
from neike.desk.models import DepartmentNotice, NoticeEntry
from neike.kernel import audit, live, outbox
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Department, Person

TITLE_LIMIT: Final = 160
TEXT_LIMIT: Final = 4_000
_CHANGEABLE: Final = (NoticeState.DRAFT, NoticeState.PUBLISHED)


class NoticeChangedError(DeskError):
    """Somebody changed the notice after it was read."""

    def __init__(self, notice: DepartmentNotice) -> None:
        self.notice = notice
        super().__init__(notice.pk)

    def __str__(self) -> str:
        return _("Somebody was faster: the notice has changed. Nothing was saved.")


class NoticeRefusedError(DeskError):
    """What was written makes no notice; `field` names what is wrong."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(why)

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeContent:
    """What a notice says. No `services` means all of the department, no `audience` everybody."""

    kind: NoticeKind
    title: LocalizedText
    body: LocalizedText = field(default_factory=LocalizedText)
    starts_at: datetime
    ends_at: datetime | None = None
    services: Sequence[Service] = ()
    audience: Sequence[Department] = ()


@transaction.atomic
def draft_notice(
    *, department: Department, content: NoticeContent, by: Person, now: datetime
) -> DepartmentNotice:
    """Draft a notice; only who speaks for the department reads it until it is published.

    Raises:
        PermissionDenied: `by` neither leads nor serves the department.
        NoticeRefusedError: the title is missing, a text too long, a time or a service wrong.
    """
    require(policies.may_manage_notice(policies.standing(by, now=now), department.pk))
    notice = DepartmentNotice(department=department, kind=content.kind)
    _check(content, department, now=now)
    _say(notice, content)
    _keep(notice, NoticeChange.DRAFTED, by=by, now=now)
    return notice


@transaction.atomic
def change_notice(
    *,
    notice: DepartmentNotice,
    content: NoticeContent,
    version: int,
    by: Person,
    now: datetime,
) -> DepartmentNotice:
    """Change what a draft or a published notice says; its history keeps what it said before.

    Raises:
        PermissionDenied: `by` neither leads nor serves the department.
        NoticeChangedError: somebody was faster.
        NoticeRefusedError: it is over, or what is to be said is wrong.
    """
    notice = _locked(notice, version, by=by, now=now)
    if notice.state not in _CHANGEABLE:
        raise NoticeRefusedError("", _("The notice is over and stays as it is."))
    if content.kind != notice.kind:
        raise NoticeRefusedError("kind", _("An outage stays an outage, an incident an incident."))
    _check(content, notice.department, now=now)
    if notice.is_published and content.ends_at is not None and content.ends_at <= now:
        raise NoticeRefusedError("ends_at", _("The end must be to come."))
    before = _meant_for(notice)
    notice.version += 1
    _say(notice, content)
    _keep(notice, NoticeChange.CHANGED, by=by, now=now, heard_before=before)
    return notice


@transaction.atomic
def publish_notice(
    *, notice: DepartmentNotice, version: int, by: Person, now: datetime
) -> DepartmentNotice:
    """Tell it to those it is meant for.

    Raises:
        PermissionDenied: `by` neither leads nor serves the department.
        NoticeChangedError: somebody was faster.
        NoticeRefusedError: it is no draft, or its time has passed.
    """
    notice = _locked(notice, version, by=by, now=now)
    if notice.state != NoticeState.DRAFT:
        raise NoticeRefusedError("", _("Only a draft can be published."))
    if notice.ends_at is not None and notice.ends_at <= now:
        raise NoticeRefusedError("ends_at", _("The end must be to come."))
    notice.state, notice.published_at = NoticeState.PUBLISHED, now
    _moved(notice, NoticeChange.PUBLISHED, by=by, now=now)
    return notice


@transaction.atomic
def update_notice(
    *, notice: DepartmentNotice, text: LocalizedText, version: int, by: Person, now: datetime
) -> DepartmentNotice:
    """Say how it stands, with the time.

    Raises:
        PermissionDenied: `by` neither leads nor serves the department.
        NoticeChangedError: somebody was faster.
        NoticeRefusedError: it is not published, or nothing is said.
    """
    notice = _locked(notice, version, by=by, now=now)
    _require_running(notice, now)
    _moved(notice, NoticeChange.UPDATED, by=by, now=now, text=_said(text, needed=True))
    return notice


@transaction.atomic
def end_notice(
    *, notice: DepartmentNotice, text: LocalizedText, version: int, by: Person, now: datetime
) -> DepartmentNotice:
    """Say that it is over. Its requests go on: they are resolved together, or one by one.

    Raises:
        PermissionDenied: `by` neither leads nor serves the department.
        NoticeChangedError: somebody was faster.
        NoticeRefusedError: it is not published, or the text is too long.
    """
    notice = _locked(notice, version, by=by, now=now)
    _require_running(notice, now)
    notice.state, notice.over_at = NoticeState.ENDED, now
    _moved(notice, NoticeChange.ENDED, by=by, now=now, text=_said(text))
    return notice


@transaction.atomic
def withdraw_notice(
    *, notice: DepartmentNotice, why: LocalizedText, version: int, by: Person, now: datetime
) -> DepartmentNotice:
    """Take back a draft or what was published by mistake; only who speaks for the department reads it then.

    Raises:
        PermissionDenied: `by` neither leads nor serves the department.
        NoticeChangedError: somebody was faster.
        NoticeRefusedError: it is over, or was published and no reason is given.
    """
    notice = _locked(notice, version, by=by, now=now)
    if notice.state not in _CHANGEABLE:
        raise NoticeRefusedError("", _("The notice is over and stays as it is."))
    text = _said(why, needed=notice.is_published)
    notice.state, notice.over_at = NoticeState.WITHDRAWN, now
    _moved(notice, NoticeChange.WITHDRAWN, by=by, now=now, text=text)
    return notice


@transaction.atomic
def end_by_itself(*, notice_id: int, now: datetime) -> None:
    """End an outage whose time has passed; once, however often it is asked."""
    notice = DepartmentNotice.objects.select_for_update().get(pk=notice_id)
    if not notice.is_published or notice.ends_at is None or notice.ends_at > now:
        return
    notice.state, notice.over_at = NoticeState.ENDED, notice.ends_at
    notice.version += 1
    _moved(notice, NoticeChange.ENDED, by=None, now=now)


def _locked(
    notice: DepartmentNotice, version: int, *, by: Person, now: datetime
) -> DepartmentNotice:
    fresh = (
        DepartmentNotice.objects.select_for_update(of=("self",))
        .select_related("department")
        .get(pk=notice.pk)
    )
    require(policies.may_manage_notice(policies.standing(by, now=now), fresh.department_id))
    if fresh.version != version:
        raise NoticeChangedError(fresh)
    return fresh


def _require_running(notice: DepartmentNotice, now: datetime) -> None:
    over = notice.ends_at is not None and notice.ends_at <= now
    if not notice.is_published or over:
        raise NoticeRefusedError("", _("Only what is published and not over can be updated."))


def _check(content: NoticeContent, department: Department, *, now: datetime) -> None:
    if not content.title:
        raise NoticeRefusedError("title", _("A notice needs a title."))
    _short_enough("title", content.title, TITLE_LIMIT)
    _short_enough("body", content.body, TEXT_LIMIT)
    if content.kind == NoticeKind.OUTAGE and content.ends_at is None:
        raise NoticeRefusedError("ends_at", _("A planned outage needs an end."))
    if content.kind == NoticeKind.INCIDENT and content.ends_at is not None:
        raise NoticeRefusedError("ends_at", _("An incident is open until somebody ends it."))
    if content.kind == NoticeKind.INCIDENT and content.starts_at > now:
        raise NoticeRefusedError("starts_at", _("An incident has begun already."))
    if content.ends_at is not None and content.ends_at <= content.starts_at:
        raise NoticeRefusedError("ends_at", _("The end must be later than the beginning."))
    chart = org_queries.chart(on=org_queries.organisation_day(now))
    allowed = {department.pk, *chart.subtree(department.pk)}
    if any(each.department_id not in allowed for each in content.services):
        raise NoticeRefusedError("services", _("Choose services of this department, or below it."))


def _short_enough(field: str, text: LocalizedText, limit: int) -> None:
    if any(len(each) > limit or "\x00" in each for each in text.texts.values()):
        raise NoticeRefusedError(
            field, _("At most %(limit)d characters, please.") % {"limit": limit}
        )


def _said(text: LocalizedText, *, needed: bool = False) -> LocalizedText:
    if needed and not text:
        raise NoticeRefusedError("text", _("Please say in a sentence what is to be known."))
    _short_enough("text", text, TEXT_LIMIT)
    return text


def _say(notice: DepartmentNotice, content: NoticeContent) -> None:
    notice.title, notice.body = content.title, content.body
    notice.starts_at, notice.ends_at = content.starts_at, content.ends_at
    notice.save()
    notice.services.set(content.services)
    notice.audience.set(content.audience)


def _meant_for(notice: DepartmentNotice) -> list[int]:
    return list(notice.audience.values_list("pk", flat=True))


def _values(notice: DepartmentNotice) -> dict[str, Any]:
    """Return what a notice says, as its history keeps it."""
    return {
        "title": notice.title.as_json(),
        "body": notice.body.as_json(),
        "starts_at": notice.starts_at.isoformat(),
        "ends_at": notice.ends_at.isoformat() if notice.ends_at else None,
        "services": sorted(each.key for each in notice.services.all()),
        "audience": sorted(str(each.public_id) for each in notice.audience.all()),
    }


def _moved(
    notice: DepartmentNotice,
    change: NoticeChange,
    *,
    by: Person | None,
    now: datetime,
    text: LocalizedText | None = None,
) -> None:
    if by is not None:
        notice.version += 1
    notice.save(update_fields=["state", "published_at", "over_at", "version"])
    _keep(notice, change, by=by, now=now, text=text)


def _keep(
    notice: DepartmentNotice,
    change: NoticeChange,
    *,
    by: Person | None,
    now: datetime,
    text: LocalizedText | None = None,
    heard_before: Sequence[int] | None = None,
) -> None:
    """Write the line of history, the audit, the event and the signal."""
    says = change in (NoticeChange.DRAFTED, NoticeChange.CHANGED, NoticeChange.PUBLISHED)
    entry = NoticeEntry.objects.create(
        notice=notice,
        no=notice.entries.count() + 1,
        change=change,
        text=text or LocalizedText(),
        values=_values(notice) if says else {},
        by=by,
        at=now,
    )
    after = {"state": str(notice.state), "version": notice.version, "line": entry.no}
    audit.record(
        action=f"desk.notice_{change.value}", subject=notice, by=by, before={}, after=after, now=now
    )
    event = events.NoticeChanged(
        notice_id=notice.pk, no=entry.no, change=change.value, at=now, by_id=by.pk if by else None
    )
    outbox.announce(event, aggregate=f"notice:{notice.pk}", now=now)
    secret = notice.state == NoticeState.DRAFT or notice.published_at is None
    meant = _meant_for(notice)
    topics = topics_of_notice(notice, audience=[notice.department_id] if secret else meant)
    if heard_before is not None and not secret:
        topics += topics_of_notice(notice, audience=heard_before)
    live.changed(*topics, now=now)
