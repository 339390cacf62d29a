"""Builders of department notices."""

from datetime import datetime, timedelta
from typing import Any

from neike.desk.actions import department_notices as actions
from neike.desk.choices import NoticeKind
from neike.desk.models import DepartmentNotice
from neike.kernel.texts import LocalizedText
from neike.org.models import Department, Person


def content(kind: NoticeKind, *, now: datetime, **more: Any) -> actions.NoticeContent:
    """Return what a notice says: an outage of the next two hours, or an incident since now."""
    ends = now + timedelta(hours=2) if kind == NoticeKind.OUTAGE else None
    given = {
        "title": LocalizedText.of(zh="三楼断网", en="Network down"),
        "starts_at": now,
        "ends_at": ends,
        **more,
    }
    return actions.NoticeContent(kind=kind, **given)


def draft(
    department: Department,
    *,
    by: Person,
    now: datetime,
    kind: NoticeKind = NoticeKind.INCIDENT,
    **more: Any,
) -> DepartmentNotice:
    """Return a draft."""
    said = content(kind, now=now, **more)
    return actions.draft_notice(department=department, content=said, by=by, now=now)


def published(
    department: Department,
    *,
    by: Person,
    now: datetime,
    kind: NoticeKind = NoticeKind.INCIDENT,
    **more: Any,
) -> DepartmentNotice:
    """Return what is told at this moment."""
    made = draft(department, by=by, now=now, kind=kind, **more)
    return actions.publish_notice(notice=made, version=made.version, by=by, now=now)
