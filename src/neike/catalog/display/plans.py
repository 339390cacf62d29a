"""A plan as a picture and as a table: what follows what, who does it, when it is left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from neike.catalog import wording
from neike.catalog.actions import StepContent
from neike.catalog.actions.content import plan_step
from neike.catalog.choices import ApproverRule, StepJoin, StepKind
from neike.catalog.display.conditions import condition_words
from neike.engines import plan_picture, plans
from neike.org.models import Department, Person, Position
from neike.org.queries import OrgChart


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """One step in words; `column` is its place in the picture from the left, from 1."""

    title: str
    kind: str
    kind_label: str
    icon: str
    who: str
    time: str
    after: str
    only_if: str
    checklist: tuple[str, ...]
    column: int


@dataclass(frozen=True, slots=True)
class DrawnPlan:
    """The automatic steps in columns, and all steps for the table. No columns: the steps make no plan."""

    columns: tuple[tuple[DrawnStep, ...], ...]
    steps: tuple[DrawnStep, ...]


_ICONS = {
    StepKind.LEG.value: "handover",
    StepKind.TASK.value: "check",
    StepKind.APPROVAL.value: "seal",
}


def drawn_plan(
    steps: Sequence[StepContent],
    fields: Iterable[Mapping[str, Any]],
    chart: OrgChart,
    *,
    owner: str,
    day: int,
) -> DrawnPlan:
    """Return the picture of a plan; `owner` is the name of the department that offers the service."""
    automatic = [plan_step(step) for step in steps if step.automatic]
    columns = plan_picture.columns(automatic) if not plans.problems(automatic) else []
    place = {key: number for number, column in enumerate(columns, start=1) for key in column}
    titles = {step.key: str(step.title) for step in steps}
    known = list(fields)
    drawn = {
        number: DrawnStep(
            title=str(step.title),
            kind=step.kind,
            kind_label=str(StepKind(step.kind).label),
            icon=_ICONS[step.kind],
            who=_who(step, chart, owner),
            time=wording.working_time(step.seconds, day) if step.seconds else "",
            after=_after(step, titles),
            only_if=condition_words(step.show_if, known),
            checklist=tuple(map(str, step.checklist)),
            column=place.get(step.key, 0) if step.automatic else 0,
        )
        for number, step in enumerate(steps)
    }
    by_key = {step.key: drawn[number] for number, step in enumerate(steps) if step.automatic}
    return DrawnPlan(
        columns=tuple(tuple(by_key[key] for key in column) for column in columns),
        steps=tuple(drawn.values()),
    )


def _after(step: StepContent, titles: Mapping[str, str]) -> str:
    if not step.automatic:
        return _("when somebody hands it on")
    names = [titles.get(key, key) for key in step.after]
    if not names:
        return _("at once")
    word = _(" or ") if step.join == StepJoin.ANY else _(" and ")
    return word.join(f"“{name}”" for name in names)


def _who(step: StepContent, chart: OrgChart, owner: str) -> str:
    if step.kind != StepKind.APPROVAL:
        return (
            (chart.name(step.department.pk) or step.department.code) if step.department else owner
        )
    names = _("; ").join(approver_words(rule, chart) for rule in step.approvers)
    if len(step.approvers) < 2 and step.quorum == "all":  # noqa: PLR2004 - one rule needs no number
        return names
    many = {"all": _("all approve"), "any": _("one approves")}.get(
        step.quorum, _("%(number)s approve") % {"number": step.quorum}
    )
    return _("%(names)s (%(many)s)") % {"names": names, "many": many}


def approver_words(rule: Mapping[str, str], chart: OrgChart) -> str:
    """Return who approves by a rule."""
    match rule.get("by"):
        case ApproverRule.MANAGER:
            return _("the requester's manager")
        case ApproverRule.DEPARTMENT_LEAD if "department" not in rule:
            return _("the head of the requester's department")
        case ApproverRule.DEPARTMENT_LEAD:
            found = Department.objects.filter(public_id=UUID(rule["department"])).first()
            return _("the head of %(department)s") % {
                "department": chart.name(found.pk) if found else "?"
            }
        case ApproverRule.POSITION:
            position = Position.objects.filter(public_id=UUID(rule["position"])).first()
            return str(position.title) if position else "?"
        case _:
            person = Person.objects.filter(public_id=UUID(rule["person"])).first()
            return person.name if person else "?"
