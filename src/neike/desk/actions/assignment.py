"""Giving out work by a department's policy, taking it from those who are away, telling of what lies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from neike.catalog.models import Service
from neike.desk import events, policies, ticket_events
from neike.desk.actions.errors import DeskError, NotPossibleError, WrongAssigneeError
from neike.desk.actions.work import Work, begin_leg
from neike.desk.choices import EventKind, LegState
from neike.desk.models import (
    AssignmentPolicy,
    Capacity,
    Leg,
    Skill,
    UnassignedAlarm,
)
from neike.desk.queries import assignment as queries
from neike.engines import assignment as engine
from neike.kernel import audit
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Department, Person


@transaction.atomic
def assign_by_policy(*, leg_id: int, now: datetime) -> engine.Choice | None:
    """Put an offered leg in nobody's hands into somebody's; None when it is not to be given out any more.

    The person is named; accepting stays their act, unless the department accepts at once.
    """
    work, leg = begin_leg(Leg.objects.get(pk=leg_id), by=None, now=now)
    if leg.state != LegState.OFFERED or leg.assignee_id is not None:
        return None
    choice = let_assign(work, leg)
    if choice.person is not None:
        work.finish()
    return choice


def let_assign(work: Work, leg: Leg, *, without: int | None = None) -> engine.Choice:
    """Let the policy of the leg's department choose, and write it down; nothing is written if it names nobody.

    The policy's row is locked after the ticket's, so that two legs at once do not see the same load.
    """
    policy = AssignmentPolicy.objects.select_for_update().filter(department=leg.supplier_id).first()
    if policy is None:
        return engine.Choice(person=None, reason=engine.Reason.OFF)
    members = queries.members_of(policy, now=work.now)
    request = queries.asked_of(leg)
    candidates = [each.candidate for each in members if each.person.pk != without]
    rules = queries.engine_policy(policy, members, now=work.now)
    choice = engine.choose(rules, request, candidates)
    if choice.person is None:
        return choice
    if policy.auto_accept and leg.state == LegState.OFFERED:
        accepted = work.happen(EventKind.LEG_ACCEPTED, leg.no, person=None, by_policy=True)
        work.tell(events.LegAccepted, accepted, leg_no=leg.no)
    _give(work, leg, choice.person, why_of(choice))
    Capacity.objects.update_or_create(
        department=policy.department,
        person_id=choice.person,
        defaults={"last_assigned_at": work.now},
    )
    return choice


def why_of(choice: engine.Choice) -> dict[str, Any]:
    """Return what the log says of a choice."""
    return {
        "code": choice.reason.value,
        "considered": choice.considered,
        "load": choice.load,
        "capacity": choice.capacity,
        "skilled": choice.skilled,
    }


def _give(work: Work, leg: Leg, person_id: int | None, why: dict[str, Any]) -> None:
    event = work.happen(EventKind.LEG_ASSIGNED, leg.no, person=person_id, automatic=True, why=why)
    work.tell(events.LegAssigned, event, leg_no=leg.no, person_id=person_id)


def let_give(work: Work, leg: Leg, person: Person) -> None:
    """Let a leg be given to a named person of its department who is not away.

    Raises:
        WrongAssigneeError: they do not work for the department.
        NotPossibleError: they are away.
    """
    on = org_queries.organisation_day(work.now)
    if not org_queries.agents_of(leg.supplier, on=on).filter(pk=person.pk).exists():
        raise WrongAssigneeError
    if queries.away_at([person.pk], now=work.now):
        raise NotPossibleError("the person is away")
    if leg.assignee_id != person.pk:
        _give(work, leg, person.pk, {"code": "rule"})


@transaction.atomic
def offer_again(*, leg_id: int, now: datetime) -> bool:
    """Take a leg from somebody who cannot work on it: to whom the policy names, else back to the department.

    Once per absence: what somebody gave them since it began stays. Returns whether something happened.
    """
    work, leg = begin_leg(Leg.objects.get(pk=leg_id), by=None, now=now)
    since = queries.away_since(leg, now=now) if leg.state in _OPEN else None
    if since is None:
        return False
    given = queries.given_at(leg)
    if given is not None and given > since:
        return False
    absent = leg.assignee_id
    choice = let_assign(work, leg, without=absent)
    if choice.person is None:
        _give(work, leg, None, {"code": "absent"})
    work.finish()
    return True


_OPEN = (*queries.IN_HAND, LegState.WAITING)


@transaction.atomic
def tell_of_lying(*, leg_id: int, step: int, now: datetime) -> bool:
    """Tell the lead of a leg that nobody has taken, once per step."""
    leg = Leg.objects.select_related("ticket").get(pk=leg_id)
    work = Work(ticket_events.lock(leg.ticket_id, now=now), by=None, now=now)
    leg.refresh_from_db()
    alarm, _new = UnassignedAlarm.objects.get_or_create(
        leg=leg, defaults={"step": 0, "told_at": now}
    )
    if leg.assignee_id is not None or leg.state not in queries.IN_HAND or alarm.step >= step:
        return False
    alarm.step, alarm.told_at = step, now
    alarm.save(update_fields=["step", "told_at"])
    work.announce(
        events.LegUnassigned(
            ticket_id=leg.ticket_id,
            seq=work.ticket.version,
            at=now,
            by_id=None,
            leg_id=leg.pk,
            step=step,
        )
    )
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyContent:
    """What a department decides about giving out its work."""

    mode: str
    within_hours: bool
    auto_accept: bool
    usual_capacity: int
    unassigned_minutes: int
    fallback: Person | None = None


@transaction.atomic
def set_policy(
    *, department: Department, by: Person, content: PolicyContent, now: datetime
) -> AssignmentPolicy:
    """Decide how a department's work is given out.

    Raises:
        PermissionDenied: `by` does not lead the department.
        WrongAssigneeError: the fallback neither works for the department nor leads it.
    """
    require(policies.may_manage_assignment(policies.standing(by, now=now), department.pk))
    on = org_queries.organisation_day(now)
    fallback = content.fallback
    if fallback is not None and not (
        org_queries.agents_of(department, on=on).filter(pk=fallback.pk).exists()
        or org_queries.leads(fallback, department, on=on)
    ):
        raise WrongAssigneeError
    policy, _new = AssignmentPolicy.objects.select_for_update().get_or_create(department=department)
    before = _said(policy)
    for name in ("mode", "within_hours", "auto_accept", "usual_capacity", "unassigned_minutes"):
        setattr(policy, name, getattr(content, name))
    policy.fallback = fallback
    policy.save()
    audit.record(
        action="desk.assignment_policy",
        subject=department,
        by=by,
        before=before,
        after=_said(policy),
        now=now,
    )
    return policy


def _said(policy: AssignmentPolicy) -> dict[str, Any]:
    names = ("mode", "within_hours", "auto_accept", "usual_capacity", "unassigned_minutes")
    return {name: getattr(policy, name) for name in names} | {"fallback": policy.fallback_id}


@transaction.atomic
def set_capacity(
    *,
    department: Department,
    by: Person,
    person: Person,
    maximum: int | None,
    skills: Collection[UUID],
    now: datetime,
) -> Capacity:
    """Say what somebody can take for a department.

    Raises:
        PermissionDenied: `by` does not lead the department.
        WrongAssigneeError: the person does not work for it.
    """
    require(policies.may_manage_assignment(policies.standing(by, now=now), department.pk))
    on = org_queries.organisation_day(now)
    if not org_queries.agents_of(department, on=on).filter(pk=person.pk).exists():
        raise WrongAssigneeError
    row, _new = Capacity.objects.update_or_create(
        department=department, person=person, defaults={"maximum": maximum}
    )
    row.skills.set(Skill.objects.filter(department=department, public_id__in=skills))
    audit.record(
        action="desk.capacity",
        subject=person,
        by=by,
        before={},
        after={"department": department.pk, "maximum": maximum, "skills": [str(s) for s in skills]},
        now=now,
    )
    return row


class SkillNameError(DeskError):
    """A skill needs a name."""


@transaction.atomic
def add_skill(
    *,
    department: Department,
    by: Person,
    name: LocalizedText,
    services: Collection[UUID],
    now: datetime,
) -> Skill:
    """Add a skill to a department's list; its requests for `services` ask for it.

    Raises:
        PermissionDenied: `by` does not lead the department.
        SkillNameError: the name is empty in every language.
    """
    require(policies.may_manage_assignment(policies.standing(by, now=now), department.pk))
    if not str(name).strip():
        raise SkillNameError
    skill = Skill.objects.create(department=department, name=name)
    offered = Service.objects.filter(department=department, public_id__in=services)
    skill.services.set(offered)
    return skill


@transaction.atomic
def remove_skill(*, skill: Skill, by: Person, now: datetime) -> None:
    """Take a skill off a department's list; nobody has it any more.

    Raises:
        PermissionDenied: `by` does not lead the department.
    """
    require(policies.may_manage_assignment(policies.standing(by, now=now), skill.department_id))
    skill.delete()
