"""How programs are shown approvals and tasks."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from neike.desk.api.shown import PersonShown, person
from neike.desk.display.tasks import point_text
from neike.desk.models import Approval, Task


class VoteShown(Schema):
    """One of those asked; `decided_by` is who stood in for them, or they themselves."""

    person: PersonShown | None
    vote: str
    decided_by: PersonShown | None
    decided_at: datetime | None
    reason: str


class ApprovalShown(Schema):
    """An approval; `needed` of those asked must agree. `leg_no` is null where the plan asks."""

    id: UUID
    request: UUID
    number: str
    no: int
    leg_no: int | None
    title: str
    needed: int
    state: str
    asked_at: datetime
    decided_at: datetime | None
    votes: list[VoteShown]


class ApprovalList(Schema):
    """What waits for your decision, asked first in front, at most 100."""

    items: list[ApprovalShown]


class PointShown(Schema):
    """A point of a checklist."""

    text: str
    done: bool


class TaskShown(Schema):
    """A task of a department."""

    id: UUID
    no: int
    leg_no: int | None
    title: str
    department: UUID
    assignee: PersonShown | None
    state: str
    checklist: list[PointShown]
    opened_at: datetime
    ended_at: datetime | None


class StepsShown(Schema):
    """The approvals and tasks of a request."""

    approvals: list[ApprovalShown]
    tasks: list[TaskShown]


def approval_shown(approval: Approval) -> ApprovalShown:
    """Show an approval with its votes loaded."""
    return ApprovalShown(
        id=approval.public_id,
        request=approval.ticket.public_id,
        number=str(approval.ticket),
        no=approval.no,
        leg_no=approval.leg_no,
        title=str(approval.title),
        needed=approval.needed,
        state=approval.state,
        asked_at=approval.asked_at,
        decided_at=approval.decided_at,
        votes=[
            VoteShown(
                person=person(vote.person),
                vote=vote.vote,
                decided_by=person(vote.decided_by),
                decided_at=vote.decided_at,
                reason=vote.reason,
            )
            for vote in approval.votes.all()
        ],
    )


def task_shown(task: Task) -> TaskShown:
    """Show a task."""
    return TaskShown(
        id=task.public_id,
        no=task.no,
        leg_no=task.leg_no,
        title=str(task.title),
        department=task.department.public_id,
        assignee=person(task.assignee),
        state=task.state,
        checklist=[
            PointShown(text=point_text(each), done=bool(each["done"])) for each in task.items
        ],
        opened_at=task.opened_at,
        ended_at=task.ended_at,
    )
