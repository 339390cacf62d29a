"""Tasks of a request as they are shown, and what one can do with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from neike.desk import policies
from neike.desk.choices import OPEN_TICKET_STATES, TaskState
from neike.desk.display.moves import Move
from neike.desk.models import Task, Ticket
from neike.desk.policies import Standing
from neike.kernel.texts import LocalizedText

TONES: Final = {
    TaskState.OPEN.value: "info",
    TaskState.DONE.value: "success",
    TaskState.DROPPED.value: "neutral",
}


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a checklist, counted from 0."""

    no: int
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A task with its checklist. `may_tick` when the reader can tick its points now."""

    task: Task
    tone: str
    department: str
    assignee: str
    points: Sequence[Point]
    ticked: int
    may_tick: bool
    tick_url: str
    ended_at: datetime | None
    moves: Sequence[Move]


def point_text(item: dict[str, object]) -> str:
    """Return the words of a stored point: in several languages, or plain."""
    text = item.get("text", "")
    return str(LocalizedText.from_json(text)) if isinstance(text, dict) else str(text)


def shown(who: Standing, ticket: Ticket, task: Task, *, department: str) -> Shown:
    """Return a task as somebody sees it."""
    may = bool(policies.may_do_task(who, task)) and ticket.state in OPEN_TICKET_STATES
    points = [Point(no, point_text(each), bool(each["done"])) for no, each in enumerate(task.items)]
    ticked = sum(point.done for point in points)
    return Shown(
        task=task,
        tone=TONES[task.state],
        department=department,
        assignee=task.assignee.name if task.assignee else "",
        points=points,
        ticked=ticked,
        may_tick=may and task.state == TaskState.OPEN,
        tick_url=reverse("desk:task_tick", args=[ticket.number, task.no]),
        ended_at=task.ended_at,
        moves=_moves(who, ticket, task, all_ticked=ticked == len(points)) if may else (),
    )


def _moves(who: Standing, ticket: Ticket, task: Task, *, all_ticked: bool) -> list[Move]:
    def move(key: str, label: str, icon: str, tone: str, form: str = "") -> Move:
        url = reverse(f"desk:task_{key}", args=[ticket.number, task.no])
        return Move(f"{key}-task-{task.no}", label, icon, tone, url, ticket.version, form)

    if task.state != TaskState.OPEN:
        return [move("reopen", _("Reopen the task"), "undo", "ghost")]
    found = []
    if all_ticked:
        found.append(move("done", _("Task done"), "check", "primary"))
    if task.assignee_id != who.person_id:
        found.append(move("take", _("Take it"), "person", "neutral"))
    found.append(move("assign", _("Give it to somebody"), "person", "ghost", "give-task"))
    found.append(move("drop", _("Drop the task"), "close", "ghost", "reason"))
    return found
