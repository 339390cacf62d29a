"""Rules and how departments give out their work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from neike.desk import actions
from neike.desk.actions import rules as rule_actions
from neike.desk.api.asking import Caller, caller, refusal
from neike.desk.api.shown import PersonShown, Refusal
from neike.desk.models import Rule
from neike.desk.queries import assignment, rule_trials
from neike.desk.queries import rules as queries
from neike.kernel.policies import policy
from neike.org.models import Department

router = Router()
MOST = 100


class RuleShown(Schema):
    """A rule; `conditions` and `actions` are those of its present version."""

    id: UUID
    name: dict[str, Any]
    department: UUID | None
    active: bool
    order: int
    version: int
    trigger: str
    working_hours: int | None
    join: str
    conditions: list[dict[str, Any]]
    actions: list[dict[str, Any]]


class FiringShown(Schema):
    """One time a rule fired."""

    id: UUID
    request: UUID
    version: int
    fired_at: datetime
    outcome: str
    conditions: list[dict[str, Any]]
    results: list[dict[str, Any]]


class HitShown(Schema):
    """A request on which a rule would have fired."""

    request: UUID
    first_at: datetime
    times: int


class TrialShown(Schema):
    """A rule tried on the last 90 days; `is_cut` if only the newest requests were looked at."""

    looked_at: int
    is_cut: bool
    hits: list[HitShown]


class Switch(Schema):
    """Whether a rule is to be on."""

    active: bool


class MemberShown(Schema):
    """Somebody of a department and what they have in hand."""

    person: PersonShown
    capacity: int
    in_hand: int
    present: bool
    skills: list[str]


class AssignmentShown(Schema):
    """How a department gives out its work, and who would get the next one."""

    mode: str
    within_hours: bool
    auto_accept: bool
    usual_capacity: int
    unassigned_minutes: int
    members: list[MemberShown]
    next_person: UUID | None
    reason: str


def _shown(rule: Rule) -> RuleShown:
    version = queries.version_of(rule)
    return RuleShown(
        id=rule.public_id,
        name=rule.name.as_json(),
        department=rule.department.public_id if rule.department else None,
        active=rule.active,
        order=rule.order,
        version=version.number,
        trigger=version.trigger,
        working_hours=version.amount,
        join=version.join,
        conditions=version.conditions,
        actions=version.actions,
    )


def _rule(who: Caller, rule_id: UUID) -> Rule:
    return get_object_or_404(queries.rules_visible_to(who.who), public_id=rule_id)


@router.get("/rules", response=list[RuleShown])
@policy("desk.use")
def rules(request: HttpRequest) -> list[RuleShown]:
    """List the rules you may read, in the order they are tried."""
    return [_shown(each) for each in queries.rules_visible_to(caller(request).who)]


@router.get("/rules/{rule_id}", response=RuleShown)
@policy("desk.use")
def rule(request: HttpRequest, rule_id: UUID) -> RuleShown:
    """Read a rule."""
    return _shown(_rule(caller(request), rule_id))


@router.post("/rules/{rule_id}/switch", response={200: RuleShown, 422: Refusal})
@policy("desk.use")
def switch(request: HttpRequest, rule_id: UUID, body: Switch) -> Status[Any]:
    """Switch a rule on or off."""
    who = caller(request)
    found = _rule(who, rule_id)
    try:
        changed = rule_actions.switch_rule(rule=found, by=who.person, on=body.active, now=who.now)
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(200, _shown(changed))


@router.get("/rules/{rule_id}/firings", response=list[FiringShown])
@policy("desk.use")
def firings(request: HttpRequest, rule_id: UUID) -> list[FiringShown]:
    """List the last 100 times a rule fired on requests you may read."""
    who = caller(request)
    found = queries.firings_visible_to(who.who).filter(rule=_rule(who, rule_id))
    return [
        FiringShown(
            id=each.public_id,
            request=each.ticket.public_id,
            version=each.version.number,
            fired_at=each.fired_at,
            outcome=each.outcome,
            conditions=each.facts,
            results=each.results,
        )
        for each in found[:MOST]
    ]


@router.get("/rules/{rule_id}/trial", response=TrialShown)
@policy("desk.use")
def trial(request: HttpRequest, rule_id: UUID) -> TrialShown:
    """Try a rule on the last 90 days; nothing is written."""
    who = caller(request)
    found = rule_trials.trial(_rule(who, rule_id), who.who, now=who.now)
    hits = [
        HitShown(request=hit.ticket.public_id, first_at=hit.at, times=hit.times)
        for hit in found.hits
    ]
    return TrialShown(looked_at=found.looked_at, is_cut=found.is_cut, hits=hits)


@router.get("/departments/{department_id}/assignment", response=AssignmentShown)
@policy("desk.use")
def giving_out(request: HttpRequest, department_id: UUID) -> AssignmentShown:
    """Read how a department you lead gives out its work, and what its people have in hand."""
    who = caller(request)
    led = Department.objects.filter(pk__in=who.who.leads)
    department = get_object_or_404(led, public_id=department_id)
    row = assignment.policy_of(department)
    members = assignment.members_of(row, now=who.now)
    choice = assignment.next_one(row, members, now=who.now)
    names = {skill.pk: str(skill.name) for skill in department.skills.all()}
    ids = {each.person.pk: each.person.public_id for each in members}
    return AssignmentShown(
        mode=row.mode,
        within_hours=row.within_hours,
        auto_accept=row.auto_accept,
        usual_capacity=row.usual_capacity,
        unassigned_minutes=row.unassigned_minutes,
        members=[_member(each, names) for each in members],
        next_person=ids.get(choice.person) if choice.person else None,
        reason=choice.reason.value,
    )


def _member(each: assignment.Member, names: dict[int, str]) -> MemberShown:
    return MemberShown(
        person=PersonShown(id=each.person.public_id, name=each.person.name),
        capacity=each.candidate.capacity,
        in_hand=each.candidate.load,
        present=each.candidate.present,
        skills=[names[pk] for pk in sorted(each.skills) if pk in names],
    )
