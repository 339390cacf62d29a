"""What departments tell their customers, as banners, cards and lines of history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neike.catalog.models import Service
from neike.desk.choices import NoticeChange, NoticeKind, NoticeState
from neike.desk.models import DepartmentNotice, NoticeEntry, Ticket
from neike.org.queries import OrgChart


@dataclass(frozen=True, slots=True)
class Banner:
    """A notice where it matters: `known` is the reader's own request about it, `phase` how it stands in a word."""

    notice: DepartmentNotice
    department: str
    phase: str
    tone: str
    icon: str
    services: Sequence[str]
    known: Ticket | None = None
    may_tap: bool = False
    is_translated: bool = False


def banner(
    notice: DepartmentNotice,
    chart: OrgChart,
    *,
    now: datetime,
    known: Mapping[int, Ticket] | None = None,
    services: Iterable[Service] = (),
) -> Banner:
    """Return a notice as a banner; `services` are those the reader may know, `known` their own requests by notice."""
    word, tone, icon = phase(notice, now=now)
    mine = (known or {}).get(notice.pk)
    open_now = notice.is_published and notice.is_incident
    return Banner(
        notice=notice,
        department=chart.name(notice.department_id),
        phase=word,
        tone=tone,
        icon=icon,
        services=[str(each.name) for each in services],
        known=mine,
        may_tap=open_now and mine is None and known is not None,
        is_translated=notice.title.is_fallback_in(get_language() or ""),
    )


def phase(notice: DepartmentNotice, *, now: datetime) -> tuple[str, str, str]:
    """Return the word, tone and icon of how a notice stands at this moment."""
    if notice.state in (NoticeState.DRAFT, NoticeState.WITHDRAWN):
        return str(notice.get_state_display()), "neutral", "edit"
    over = notice.ends_at is not None and notice.ends_at <= now
    if notice.state == NoticeState.ENDED or over:
        return _("over"), "success", "check"
    if notice.kind == NoticeKind.INCIDENT:
        return _("major incident"), "error", "warning"
    if notice.starts_at > now:
        return _("planned outage"), "info", "calendar"
    return _("outage at this moment"), "warning", "tools"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a notice's history."""

    entry: NoticeEntry
    label: str
    icon: str
    who: str


_ICONS: Final = {
    NoticeChange.DRAFTED: "edit",
    NoticeChange.CHANGED: "edit",
    NoticeChange.PUBLISHED: "send",
    NoticeChange.UPDATED: "message",
    NoticeChange.ENDED: "check",
    NoticeChange.WITHDRAWN: "close",
}
TOLD: Final = (NoticeChange.PUBLISHED, NoticeChange.UPDATED, NoticeChange.ENDED)
"""The lines of history that everybody reads who reads the notice; the others are its department's."""


def lines(entries: Iterable[NoticeEntry], *, manages: bool) -> list[Line]:
    """Return the history, newest first: all of it for who speaks for the department, else what was told."""
    return [
        Line(
            entry=each,
            label=str(NoticeChange(each.change).label),
            icon=_ICONS[NoticeChange(each.change)],
            who=(each.by.name if each.by else _("by itself")) if manages or not each.by else "",
        )
        for each in entries
        if manages or each.change in TOLD
    ]
