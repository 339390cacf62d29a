"""What departments tell their customers, and the requests of a major incident, for programs."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from neike.catalog.choices import ServiceState
from neike.catalog.models import Service
from neike.desk import actions
from neike.desk.actions import department_notices as writing
from neike.desk.actions import incidents
from neike.desk.api.asking import ANSWERS, Caller, caller, changed, refusal
from neike.desk.api.shown import Refusal
from neike.desk.choices import NoticeKind
from neike.desk.display.department_notices import TOLD
from neike.desk.models import DepartmentNotice
from neike.desk.queries import department_notices as queries
from neike.kernel.policies import policy
from neike.kernel.texts import LocalizedText
from neike.org.models import Department

router = Router()
MOST = 100
_KEY = r"^[a-z0-9-]+$"
Text = dict[Literal["zh-hans", "en"], str]


class NoticeLine(Schema):
    """One line of what was told."""

    change: str
    at: datetime
    text: dict[str, str]


class DepartmentNoticeShown(Schema):
    """A planned outage or a major incident. `requests` are those you may open, `others` people at least."""

    id: UUID
    kind: str
    state: str
    department: UUID
    title: dict[str, str]
    body: dict[str, str]
    services: list[str]
    starts_at: datetime
    ends_at: datetime | None
    over_at: datetime | None
    version: int
    told: list[NoticeLine]
    requests: int
    others: int


class NoticeNew(Schema):
    """What a notice says; no services means all of the department, no audience everybody."""

    kind: Literal["outage", "incident"]
    department: UUID
    title: Text
    body: Text = Field(default_factory=dict)
    starts_at: datetime
    ends_at: datetime | None = None
    services: list[Annotated[str, Field(max_length=64, pattern=_KEY)]] = Field(
        default_factory=list, max_length=200
    )
    audience: list[UUID] = Field(default_factory=list, max_length=200)


class NoticeMove(Schema):
    """A step of a notice; `version` is the one you saw."""

    version: int = Field(ge=0, lt=2**31)
    text: Text = Field(default_factory=dict)


class AffectedShown(Schema):
    """Your request about an incident; `is_new` tells whether it was made now."""

    request: UUID
    number: int
    is_new: bool


class IncidentNamed(Schema):
    """To which incident a request belongs."""

    incident: UUID


_MOVED = {200: DepartmentNoticeShown, 409: Refusal, 422: Refusal}


def _text(given: Text) -> LocalizedText:
    return LocalizedText.of(zh=given.get("zh-hans", ""), en=given.get("en", ""))


def _notice(who: Caller, notice_id: UUID) -> DepartmentNotice:
    found = queries.notices_visible_to(who.who).select_related("department")
    return get_object_or_404(found, public_id=notice_id)


def _shown(who: Caller, notice: DepartmentNotice) -> DepartmentNoticeShown:
    counts = queries.linked_counts(who.who, notice) if notice.is_incident else None
    entries = notice.entries.filter(change__in=TOLD).order_by("no")
    return DepartmentNoticeShown(
        id=notice.public_id,
        kind=notice.kind,
        state=notice.state,
        department=notice.department.public_id,
        title=notice.title.texts,
        body=notice.body.texts,
        services=sorted(each.key for each in notice.services.all()),
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        over_at=notice.over_at,
        version=notice.version,
        told=[NoticeLine(change=each.change, at=each.at, text=each.text.texts) for each in entries],
        requests=counts.visible if counts else 0,
        others=counts.others if counts else 0,
    )


@router.get("/department-notices", response=list[DepartmentNoticeShown])
@policy("desk.use")
def department_notices(request: HttpRequest) -> list[DepartmentNoticeShown]:
    """List what departments tell you now, incidents first."""
    who = caller(request)
    return [_shown(who, each) for each in queries.current_notices(who.who, now=who.now)[:MOST]]


@router.get("/department-notices/{notice_id}", response=DepartmentNoticeShown)
@policy("desk.use")
def department_notice(request: HttpRequest, notice_id: UUID) -> DepartmentNoticeShown:
    """Read a notice."""
    who = caller(request)
    return _shown(who, _notice(who, notice_id))


@router.post("/department-notices", response={201: DepartmentNoticeShown, 422: Refusal})
@policy("desk.use")
def draft(request: HttpRequest, body: NoticeNew) -> Status[Any]:
    """Draft a notice of a department you serve or lead."""
    who = caller(request)
    spoken = Department.objects.filter(pk__in=who.who.serves | who.who.leads)
    department = get_object_or_404(spoken, public_id=body.department)
    services = Service.objects.filter(key__in=body.services, state=ServiceState.PUBLISHED)
    content = writing.NoticeContent(
        kind=NoticeKind(body.kind),
        title=_text(body.title),
        body=_text(body.body),
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        services=tuple(services),
        audience=tuple(Department.objects.filter(public_id__in=body.audience)),
    )
    try:
        made = writing.draft_notice(
            department=department, content=content, by=who.person, now=who.now
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(201, _shown(who, made))


@router.put("/department-notices/{notice_id}/affected", response={200: AffectedShown, 422: Refusal})
@policy("desk.use")
def affected(request: HttpRequest, notice_id: UUID) -> Status[Any]:
    """Say that you are affected: makes your linked request, or returns the one there is."""
    who = caller(request)
    try:
        found = incidents.affected(notice=_notice(who, notice_id), by=who.person, now=who.now)
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(
        200,
        AffectedShown(
            request=found.ticket.public_id, number=found.ticket.number, is_new=found.is_new
        ),
    )


@router.post("/department-notices/{notice_id}/{step}", response=_MOVED)
@policy("desk.use")
def move(
    request: HttpRequest,
    notice_id: UUID,
    step: Literal["publish", "update", "end", "withdraw"],
    body: NoticeMove,
) -> Status[Any]:
    """Publish, update, end or withdraw a notice of a department you serve or lead."""
    who = caller(request)
    common: dict[str, Any] = {
        "notice": _notice(who, notice_id),
        "version": body.version,
        "by": who.person,
        "now": who.now,
    }
    text = _text(body.text)
    try:
        if step == "publish":
            done = writing.publish_notice(**common)
        elif step == "update":
            done = writing.update_notice(text=text, **common)
        elif step == "end":
            done = writing.end_notice(text=text, **common)
        else:
            done = writing.withdraw_notice(why=text, **common)
    except writing.NoticeChangedError as error:
        return Status(409, refusal(error))
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(200, _shown(who, done))


@router.post("/requests/{request_id}/incidents", response=ANSWERS)
@policy("desk.use")
def link(request: HttpRequest, request_id: UUID, body: IncidentNamed) -> Status[Any]:
    """Link a request to an open major incident."""
    who = caller(request)
    ticket, notice = who.ticket(request_id), _notice(who, body.incident)
    return changed(
        who,
        request_id,
        lambda: incidents.link_incident(ticket=ticket, notice=notice, by=who.person, now=who.now),
    )


@router.delete("/requests/{request_id}/incidents/{notice_id}", response=ANSWERS)
@policy("desk.use")
def unlink(request: HttpRequest, request_id: UUID, notice_id: UUID) -> Status[Any]:
    """Take a request from a major incident."""
    who = caller(request)
    ticket, notice = who.ticket(request_id), _notice(who, notice_id)
    return changed(
        who,
        request_id,
        lambda: incidents.unlink_incident(ticket=ticket, notice=notice, by=who.person, now=who.now),
    )
