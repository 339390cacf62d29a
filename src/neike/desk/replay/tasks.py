"""A task of a ticket while its log is read, and what events do to it."""

from datetime import datetime

from neike.desk.choices import TaskState
from neike.desk.replay.course import Course
from neike.desk.replay.facts import Event, IllegalEventError, TaskFacts
from neike.kernel.texts import LocalizedText


class TaskCourse:
    """One task with its checklist."""

    def __init__(self, no: int, event: Event) -> None:
        data = event.data
        self.no, self.step, self.title = (
            no,
            data.get("step", ""),
            LocalizedText.from_json(data["title"]),
        )
        self.leg_no = event.leg_no
        self.department_id: int = data["department"]
        self.assignee_id: int | None = data.get("person")
        self.state: str = TaskState.OPEN.value
        self.items = [{"text": text, "done": False} for text in data.get("checklist", ())]
        self.opened_at = event.at
        self.ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.state == TaskState.OPEN

    def facts(self) -> TaskFacts:
        """Return what is stored."""
        return TaskFacts(
            no=self.no,
            leg_no=self.leg_no,
            step=self.step,
            title=self.title,
            department_id=self.department_id,
            assignee_id=self.assignee_id,
            state=self.state,
            items=[dict(item) for item in self.items],
            opened_at=self.opened_at,
            ended_at=self.ended_at,
        )


def opened(course: Course, event: Event) -> None:
    """Something is to be done by a department."""
    task = TaskCourse(len(course.tasks), event)
    course.tasks.append(task)
    if task.step:
        course.steps[task.step] = ("task", task.no)


def assigned(course: Course, event: Event) -> None:
    """Somebody takes the task, or nobody."""
    _open_task(course, event).assignee_id = event.data["person"]


def ticked(course: Course, event: Event) -> None:
    """A point of the checklist is done, or is not after all."""
    task, item = _open_task(course, event), event.data["item"]
    if not 0 <= item < len(task.items):
        raise IllegalEventError(event, "the checklist has no such point")
    task.items[item]["done"] = bool(event.data["done"])


def done(course: Course, event: Event) -> None:
    """The task is done; so is what its checklist names."""
    task = _open_task(course, event)
    if not all(item["done"] for item in task.items):
        raise IllegalEventError(event, "points of the checklist are not done")
    task.state, task.ended_at = TaskState.DONE.value, event.at


def dropped(course: Course, event: Event) -> None:
    """The task need not be done."""
    task = _open_task(course, event)
    task.state, task.ended_at = TaskState.DROPPED.value, event.at


def reopened(course: Course, event: Event) -> None:
    """The task was not done after all."""
    task = _task(course, event)
    if task.is_open:
        raise IllegalEventError(event, "the task is open")
    task.state, task.ended_at = TaskState.OPEN.value, None


def step_skipped(course: Course, event: Event) -> None:
    """A step of the plan is left out, by somebody's decision."""
    course.skipped.add(event.data["step"])


def _task(course: Course, event: Event) -> TaskCourse:
    no: int = event.data["task"]
    if not 0 <= no < len(course.tasks):
        raise IllegalEventError(event, "there is no such task")
    return course.tasks[no]


def _open_task(course: Course, event: Event) -> TaskCourse:
    task = _task(course, event)
    if not task.is_open:
        raise IllegalEventError(event, "the task is not open")
    return task
