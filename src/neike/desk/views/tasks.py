"""What departments do with tasks, and leaving a step of the plan out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from neike.desk import actions
from neike.desk.forms import TaskForm
from neike.desk.models import Task
from neike.desk.views.acting import Call, act_on_leg, act_on_ticket
from neike.kernel.policies import policy
from neike.org.models import Person


def _act(
    request: HttpRequest,
    number: int,
    no: int,
    run: Callable[[Call, Task], object],
    key: str,
    kind: str,
    done: str,
) -> HttpResponse:
    def on_task(call: Call) -> object:
        rows = call.ticket.tasks.select_related("ticket", "department")
        return run(call, get_object_or_404(rows, no=no))

    name = f"{key}-task-{no}"
    return act_on_ticket(request, number, on_task, key=name, kind=kind, done=done)


@require_POST
@policy("desk.use")
def tick(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Tick a point of a checklist, or take the tick back."""
    item, on = request.POST.get("item", ""), request.POST.get("done") == "1"
    point = int(item) if item.isascii() and item.isdigit() and len(item) < 4 else -1  # noqa: PLR2004

    def run(call: Call, task: Task) -> object:
        by, now = call.reader.person, call.reader.now
        return actions.tick(task=task, by=by, item=point, done=on, now=now)

    done = _("Ticked.") if on else _("The tick was taken back.")
    return _act(request, number, no, run, "tick", "", done)


@require_POST
@policy("desk.use")
def finish(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Say that a task is done."""

    def run(call: Call, task: Task) -> object:
        return actions.finish_task(task=task, by=call.reader.person, now=call.reader.now)

    return _act(request, number, no, run, "done", "", _("The task is done."))


@require_POST
@policy("desk.use")
def take(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Take a task oneself."""

    def run(call: Call, task: Task) -> object:
        by = call.reader.person
        return actions.assign_task(task=task, by=by, to=by, now=call.reader.now)

    return _act(request, number, no, run, "take", "", _("The task is yours."))


@require_POST
@policy("desk.use")
def assign(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Give a task to somebody of its department, or back to all of them."""

    def run(call: Call, task: Task) -> object:
        given = call.data["to"]
        to = Person.objects.get(public_id=given) if given else None  # the field has looked it up
        return actions.assign_task(task=task, by=call.reader.person, to=to, now=call.reader.now)

    return _act(request, number, no, run, "assign", "give-task", _("Assigned."))


@require_POST
@policy("desk.use")
def drop(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Say that a task need not be done, with a reason."""

    def run(call: Call, task: Task) -> object:
        by, why, now = call.reader.person, call.data["reason"], call.reader.now
        return actions.drop_task(task=task, by=by, why=why, now=now)

    return _act(request, number, no, run, "drop", "reason", _("The task was dropped."))


@require_POST
@policy("desk.use")
def reopen(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Say that a task was not done after all."""

    def run(call: Call, task: Task) -> object:
        return actions.reopen_task(task=task, by=call.reader.person, now=call.reader.now)

    return _act(request, number, no, run, "reopen", "", _("The task is open again."))


@require_POST
@policy("desk.use")
def add(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Add a task to a leg by hand, with a checklist."""

    def run(call: Call) -> object:
        form = call.form
        if not isinstance(form, TaskForm):
            raise TypeError(type(form))
        return actions.open_task(
            leg=call.leg,
            by=call.reader.person,
            title=call.data["title"],
            checklist=form.checklist(),
            now=call.reader.now,
        )

    done = _("The task was added.")
    return act_on_leg(request, number, no, run, key="add_task", kind="add-task", done=done)


@require_POST
@policy("desk.use")
def skip_step(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Leave a step of the plan out, with a reason."""

    def run(call: Call) -> object:
        why = call.data["reason"]
        return actions.skip_step(ticket=call.ticket, key=key, why=why, **call.common)

    done = _("The step was left out.")
    return act_on_ticket(request, number, run, key=f"skip-{key}", kind="reason", done=done)
