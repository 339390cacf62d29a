"""Tasks of a request: opened by the plan or by hand, ticked off, done."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from neike.desk import events, policies
from neike.desk.actions import plans
from neike.desk.actions.errors import ChecklistOpenError, NotPossibleError, WrongAssigneeError
from neike.desk.actions.work import Work, begin, begin_leg, reason
from neike.desk.choices import EventKind
from neike.desk.models import Leg, Task
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Department, Person

CHECKLIST_LIMIT = 50


@transaction.atomic
def open_task(
    *,
    leg: Leg,
    by: Person,
    title: str,
    now: datetime,
    department: Department | None = None,
    checklist: Sequence[str | LocalizedText] = (),
) -> Task:
    """Open a task by hand for one's own department (or another's people), as a part of a leg.

    Raises:
        PermissionDenied: the leg is somebody else's.
        ReasonNeededError, BadTextError: no title, or one that is too long.
        NotPossibleError: the request is not open, or the checklist is too long.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_work(work.who, leg))
    if len(checklist) > CHECKLIST_LIMIT:
        raise NotPossibleError("the checklist is too long")
    event = work.happen(
        EventKind.TASK_OPENED,
        leg.no,
        title=_plain(reason(title)),
        department=(department or leg.supplier).pk,
        checklist=[_point(point) for point in checklist if str(point).strip()],
    )
    no = len(work.log.course.tasks) - 1
    work.tell(events.TaskOpened, event, no=no)
    work.finish()
    return work.ticket.tasks.get(no=no)


def _point(point: str | LocalizedText) -> dict[str, str]:
    return point.as_json() if isinstance(point, LocalizedText) else _plain(point)


def _plain(words: str) -> dict[str, str]:
    kept = words.replace("\x00", "").strip()[:300]
    return LocalizedText.of(zh=kept, en=kept).as_json()


@transaction.atomic
def assign_task(*, task: Task, by: Person, to: Person | None, now: datetime) -> Task:
    """Give a task to somebody of its department, or (None) to nobody.

    Raises:
        PermissionDenied: `by` does not work for the department.
        WrongAssigneeError: `to` does not.
        NotPossibleError: it is over.
    """
    work = _begin(task, by=by, now=now)
    on = org_queries.organisation_day(now)
    agents = org_queries.agents_of(task.department, on=on)
    if to is not None and not agents.filter(pk=to.pk).exists():
        raise WrongAssigneeError
    person_id = to.pk if to else None
    event = work.happen(EventKind.TASK_ASSIGNED, task=task.no, person=person_id)
    work.tell(events.TaskAssigned, event, no=task.no, person_id=person_id)
    return _finish(work, task)


@transaction.atomic
def tick(*, task: Task, by: Person, item: int, done: bool, now: datetime) -> Task:
    """Tick a point of the checklist (counted from 0), or take the tick back.

    Raises:
        PermissionDenied: `by` does not work for the department.
        NotPossibleError: there is no such point, or the task is over.
    """
    work = _begin(task, by=by, now=now)
    work.happen(EventKind.TASK_TICKED, task=task.no, item=item, done=done)
    return _finish(work, task)


@transaction.atomic
def finish_task(*, task: Task, by: Person, now: datetime) -> Task:
    """Say that a task is done; what waits for it begins.

    Raises:
        PermissionDenied: `by` does not work for the department.
        ChecklistOpenError: points of the checklist are not done.
        NotPossibleError: it is over.
    """
    work = _begin(task, by=by, now=now)
    course = work.log.course.tasks[task.no]
    if course.is_open and not all(item["done"] for item in course.items):
        raise ChecklistOpenError
    work.happen(EventKind.TASK_DONE, task=task.no)
    plans.advance(work)
    return _finish(work, task)


@transaction.atomic
def reopen_task(*, task: Task, by: Person, now: datetime) -> Task:
    """Say that a task was not done after all.

    Raises:
        PermissionDenied: `by` does not work for the department.
        NotPossibleError: it is open, or the request is not.
    """
    work = _begin(task, by=by, now=now)
    work.happen(EventKind.TASK_REOPENED, task=task.no)
    return _finish(work, task)


@transaction.atomic
def drop_task(*, task: Task, by: Person, why: str, now: datetime) -> Task:
    """Say that a task need not be done, with a reason.

    Raises:
        PermissionDenied: `by` does not work for the department.
        ReasonNeededError, BadTextError: no reason, or one that is too long.
        NotPossibleError: it is over.
    """
    work = _begin(task, by=by, now=now)
    work.happen(EventKind.TASK_DROPPED, task=task.no, reason=reason(why))
    plans.advance(work)
    return _finish(work, task)


def _begin(task: Task, *, by: Person, now: datetime) -> Work:
    work = begin(task.ticket, by=by, now=now)
    require(policies.may_do_task(work.who, task))
    return work


def _finish(work: Work, task: Task) -> Task:
    work.finish()
    return Task.objects.select_related("ticket", "department", "assignee").get(pk=task.pk)
