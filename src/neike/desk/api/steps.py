"""Approvals and tasks: what waits for one, deciding, ticking, finishing."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Router, Status

from neike.desk import actions, queries
from neike.desk.api.asking import ANSWERS, Caller, caller, changed
from neike.desk.api.fields import (
    Approve,
    AskApproval,
    Drop,
    GiveTask,
    NewTask,
    Question,
    Refuse,
    Sent,
    Tick,
)
from neike.desk.api.legs import LegNo
from neike.desk.api.shown import Refusal
from neike.desk.api.steps_shown import ApprovalList, StepsShown, approval_shown, task_shown
from neike.desk.models import Approval, Task, Ticket
from neike.kernel.policies import policy
from neike.org.models import Person

router = Router()
No = Annotated[int, Path(..., ge=0, le=32_767, description="The number in the request.")]
MOST = 100


@router.get("/approvals", response=ApprovalList)
@policy("desk.use")
def list_approvals(request: HttpRequest) -> ApprovalList:
    """List what waits for your decision, also for whom you stand in."""
    who = caller(request)
    votes = queries.with_request(queries.votes_waiting_for(who.who))[:MOST]
    asked = {vote.approval_id: vote.approval for vote in votes}
    return ApprovalList(items=[approval_shown(each) for each in asked.values()])


@router.get("/requests/{request_id}/steps", response=StepsShown)
@policy("desk.use")
def read_steps(request: HttpRequest, request_id: UUID) -> StepsShown:
    """Read the approvals and tasks of a request."""
    ticket = caller(request).ticket(request_id)
    return StepsShown(
        approvals=[approval_shown(each) for each in queries.approvals_of(ticket)],
        tasks=[task_shown(each) for each in queries.tasks_of(ticket)],
    )


def _approval(ticket: Ticket, no: int) -> Approval:
    return get_object_or_404(ticket.approvals.select_related("ticket"), no=no)


@router.post("/requests/{request_id}/approvals/{no}/approve", response=ANSWERS)
@policy("desk.use")
def approve(request: HttpRequest, request_id: UUID, no: No, body: Approve) -> Status[Any]:
    """Agree, for yourself or for whom you stand in."""
    who = caller(request)
    approval = _approval(who.ticket(request_id), no)
    return changed(
        who,
        request_id,
        lambda: actions.approve(approval=approval, by=who.person, note=body.note, now=who.now),
    )


@router.post("/requests/{request_id}/approvals/{no}/reject", response=ANSWERS)
@policy("desk.use")
def reject(request: HttpRequest, request_id: UUID, no: No, body: Refuse) -> Status[Any]:
    """Do not agree, with a reason."""
    who = caller(request)
    approval = _approval(who.ticket(request_id), no)
    return changed(
        who,
        request_id,
        lambda: actions.refuse(approval=approval, by=who.person, why=body.reason, now=who.now),
    )


@router.post("/requests/{request_id}/approvals/{no}/ask", response=ANSWERS)
@policy("desk.use")
def ask_first(request: HttpRequest, request_id: UUID, no: No, body: Question) -> Status[Any]:
    """Ask something before deciding; the decision stays open."""
    who = caller(request)
    approval = _approval(who.ticket(request_id), no)
    return changed(
        who,
        request_id,
        lambda: actions.ask_before_deciding(
            approval=approval, by=who.person, question=body.question, now=who.now
        ),
    )


@router.post("/requests/{request_id}/approvals/{no}/withdraw", response=ANSWERS)
@policy("desk.use")
def withdraw(request: HttpRequest, request_id: UUID, no: No, body: Sent) -> Status[Any]:
    """Take back an approval that was asked by hand."""
    who = caller(request)
    approval = _approval(who.ticket(request_id), no)
    return changed(
        who,
        request_id,
        lambda: actions.withdraw_approval(approval=approval, by=who.person, now=who.now),
    )


@router.post("/requests/{request_id}/legs/{no}/ask-approval", response=ANSWERS)
@policy("desk.use")
def ask_approval(
    request: HttpRequest, request_id: UUID, no: LegNo, body: AskApproval
) -> Status[Any]:
    """Ask people to approve something of a leg, which waits for them."""
    who = caller(request)
    leg = who.leg(request_id, no)
    people = list(Person.objects.filter(public_id__in=body.approvers))
    if len(people) != len(set(body.approvers)):
        return Status(422, Refusal(code="approver_unknown"))
    return changed(
        who,
        request_id,
        lambda: actions.ask_approval(
            leg=leg,
            by=who.person,
            approvers=people,
            question=body.question,
            quorum=body.quorum,
            version=body.version,
            now=who.now,
        ),
    )


@router.post("/requests/{request_id}/legs/{no}/tasks", response=ANSWERS)
@policy("desk.use")
def add_task(request: HttpRequest, request_id: UUID, no: LegNo, body: NewTask) -> Status[Any]:
    """Add a task to a leg."""
    who = caller(request)
    leg = who.leg(request_id, no)
    return changed(
        who,
        request_id,
        lambda: actions.open_task(
            leg=leg, by=who.person, title=body.title, checklist=body.checklist, now=who.now
        ),
    )


def _on_task(
    request: HttpRequest, request_id: UUID, no: int, run: Callable[[Caller, Task], object]
) -> Status[Any]:
    who = caller(request)
    rows = who.ticket(request_id).tasks.select_related("ticket", "department")
    task = get_object_or_404(rows, no=no)
    return changed(who, request_id, lambda: run(who, task))


@router.post("/requests/{request_id}/tasks/{no}/tick", response=ANSWERS)
@policy("desk.use")
def tick(request: HttpRequest, request_id: UUID, no: No, body: Tick) -> Status[Any]:
    """Tick a point of a task's checklist, or take the tick back."""
    return _on_task(
        request,
        request_id,
        no,
        lambda who, task: actions.tick(
            task=task, by=who.person, item=body.item, done=body.done, now=who.now
        ),
    )


@router.post("/requests/{request_id}/tasks/{no}/done", response=ANSWERS)
@policy("desk.use")
def finish_task(request: HttpRequest, request_id: UUID, no: No, body: Sent) -> Status[Any]:
    """Say that a task is done; its checklist must be ticked."""
    return _on_task(
        request,
        request_id,
        no,
        lambda who, task: actions.finish_task(task=task, by=who.person, now=who.now),
    )


@router.post("/requests/{request_id}/tasks/{no}/reopen", response=ANSWERS)
@policy("desk.use")
def reopen_task(request: HttpRequest, request_id: UUID, no: No, body: Sent) -> Status[Any]:
    """Say that a task was not done after all."""
    return _on_task(
        request,
        request_id,
        no,
        lambda who, task: actions.reopen_task(task=task, by=who.person, now=who.now),
    )


@router.post("/requests/{request_id}/tasks/{no}/drop", response=ANSWERS)
@policy("desk.use")
def drop_task(request: HttpRequest, request_id: UUID, no: No, body: Drop) -> Status[Any]:
    """Say that a task need not be done."""
    return _on_task(
        request,
        request_id,
        no,
        lambda who, task: actions.drop_task(task=task, by=who.person, why=body.reason, now=who.now),
    )


@router.post("/requests/{request_id}/tasks/{no}/assign", response=ANSWERS)
@policy("desk.use")
def assign_task(request: HttpRequest, request_id: UUID, no: No, body: GiveTask) -> Status[Any]:
    """Give a task to somebody of its department, or back to the department."""
    to = Person.objects.filter(public_id=body.assignee).first() if body.assignee else None
    if body.assignee and to is None:
        return Status(422, Refusal(code="assignee_unknown"))
    return _on_task(
        request,
        request_id,
        no,
        lambda who, task: actions.assign_task(task=task, by=who.person, to=to, now=who.now),
    )
