"""The plan of a service in words, and how far a request has come in it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from neike.catalog.choices import StepKind
from neike.catalog.models import StandardStep
from neike.desk.choices import OPEN_TICKET_STATES
from neike.desk.display.moves import Move
from neike.desk.models import Ticket
from neike.desk.replay import Course
from neike.org.queries import OrgChart

ICONS: Final[Mapping[str, str]] = {
    StepKind.LEG: "department",
    StepKind.TASK: "quiz",
    StepKind.APPROVAL: "seal",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """A request's plan and how far it has come: rows by key, and the keys left out, done and begun."""

    rows: Mapping[str, StandardStep]
    course: Course
    left_out: AbstractSet[str]
    done: AbstractSet[str]
    begun: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of the plan. `after` names the steps it waits for; `skip` is the button that leaves it out."""

    title: str
    icon: str
    who: str
    state: str
    tone: str
    after: str
    skip: Move | None


def picture(
    progress: Progress,
    ticket: Ticket,
    *,
    chart: OrgChart,
    people: Mapping[int, str],
    may_skip: bool,
) -> list[StepShown]:
    """Return the steps of a request's plan in order, each with its state."""
    titles = {key: str(row.title) for key, row in progress.rows.items()}
    is_open = may_skip and ticket.state in OPEN_TICKET_STATES
    over = progress.left_out | progress.done
    found = []
    for key, row in progress.rows.items():
        state, tone = _state(key, row, progress)
        skip = is_open and key not in over and row.kind != StepKind.APPROVAL
        found.append(
            StepShown(
                title=titles[key],
                icon=ICONS[row.kind],
                who=_who(row, ticket, progress.course, chart, people),
                state=state,
                tone=tone,
                after=_(", ").join(titles[each] for each in row.after if each in titles),
                skip=_skip(ticket, key) if skip else None,
            )
        )
    return found


def _state(key: str, row: StandardStep, progress: Progress) -> tuple[str, str]:
    if key in progress.left_out:
        return _("left out"), "neutral"
    if key in progress.done:
        return _("done"), "success"
    if key in progress.begun:
        return (_("waits for approval") if row.kind == StepKind.APPROVAL else _("in work")), "info"
    return _("not yet"), "neutral"


def _who(
    row: StandardStep, ticket: Ticket, course: Course, chart: OrgChart, people: Mapping[int, str]
) -> str:
    if row.kind != StepKind.APPROVAL:
        return chart.name(row.department_id or ticket.supplier_id)
    if row.key not in course.steps:
        return ""
    asked = course.approvals[course.steps[row.key][1]].votes
    return _(", ").join(people.get(each, "?") for each in asked)


def _skip(ticket: Ticket, key: str) -> Move:
    url = reverse("desk:skip_step", args=[ticket.number, key])
    label = _("Leave this step out")
    return Move(f"skip-{key}", label, "forward", "ghost", url, ticket.version, "reason")


@dataclass(frozen=True, slots=True)
class StepToCome:
    """A step of the plan before a request is made. `note` says under which circumstances it comes."""

    title: str
    icon: str
    who: str
    note: str


def outlook(
    steps: Sequence[StandardStep],
    *,
    owner_id: int,
    chart: OrgChart,
    approvers: Mapping[str, Sequence[str]],
) -> list[StepToCome]:
    """Return the plan in words; `approvers` are the names by the key of the approval's step."""
    titles = {row.key: str(row.title) for row in steps}
    found = []
    for row in steps:
        names = approvers.get(row.key, ())
        is_approval = row.kind == StepKind.APPROVAL
        who = _(", ").join(names) if is_approval else chart.name(row.department_id or owner_id)
        if is_approval and not names:
            who = _("nobody but you could approve: it is left out")
        found.append(StepToCome(str(row.title), ICONS[row.kind], who, _note(row, names, titles)))
    return found


def _note(row: StandardStep, names: Sequence[str], titles: Mapping[str, str]) -> str:
    words = []
    if row.kind == StepKind.APPROVAL and len(names) > 1:
        words.append(_quorum(row.quorum, len(names)))
    after = [titles[each] for each in row.after if each in titles]
    if after:
        words.append(_("after: %(steps)s") % {"steps": _(", ").join(after)})
    if row.show_if:
        words.append(_("depends on your answers"))
    return " · ".join(words)


def _quorum(quorum: str, asked: int) -> str:
    if quorum == "any":
        return _("one of them is enough")
    if quorum == "all" or int(quorum) >= asked:
        return _("all of them must approve")
    return _("%(needed)s of %(asked)d must approve") % {"needed": quorum, "asked": asked}
