"""Carrying out the plan of a service: each step begins when its turn comes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from neike.catalog import form_schema
from neike.catalog import queries as catalog_queries
from neike.catalog.choices import HandOverMode, StepKind
from neike.catalog.models import StandardStep
from neike.desk import events, policies, queries
from neike.desk.actions.errors import NotPossibleError, StepsMissingError
from neike.desk.actions.work import Work, begin, reason
from neike.desk.choices import DELIVERED_LEG_STATES, ApprovalState, EventKind, LegState, TaskState
from neike.desk.models import Ticket
from neike.engines import approvals as engine
from neike.engines.plans import Join, Plan, PlanStep
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person


class Fulfilment:
    """The plan of one request and how far it has come, as its log tells."""

    def __init__(self, work: Work) -> None:
        self.work, self.course = work, work.log.course
        rows = work.ticket.standard.steps.filter(automatic=True).select_related("department")
        self.rows: Mapping[str, StandardStep] = {row.key: row for row in rows}
        self._unfit = self._not_fitting() if self.rows else set()

    @property
    def plan(self) -> Plan:
        """The plan without what its conditions and people have left out."""
        return Plan(
            [PlanStep(row.key, tuple(row.after), Join(row.join)) for row in self.rows.values()],
            left_out=self.left_out,
        )

    @property
    def left_out(self) -> set[str]:
        """The keys of the steps that conditions and people have left out."""
        return self._unfit | (self.course.skipped & self.rows.keys())

    def _not_fitting(self) -> set[str]:
        """Return the keys of the steps whose condition does not hold for the answers."""
        schema = form_schema.parse(self.work.ticket.form.fields)
        found = set()
        for key, row in self.rows.items():
            condition = form_schema.parse_condition(row.show_if, schema)
            if condition is not None and not condition.holds(self.work.ticket.answers):
                found.add(key)
        return found

    def begun(self) -> set[str]:
        """Return the keys of the steps that have begun; what was given back or withdrawn has not."""
        return {key for key in self.course.steps if not self._given_back(key)}

    def _given_back(self, key: str) -> bool:
        kind, no = self.course.steps[key]
        if kind == "leg":
            return self.course.legs[no].state in (LegState.RETURNED, LegState.CANCELLED)
        return False

    def done(self) -> set[str]:
        """Return the keys of the steps that are done."""
        return {key for key, (kind, no) in self.course.steps.items() if self._is_done(kind, no)}

    def _is_done(self, kind: str, no: int) -> bool:
        match kind:
            case "leg":
                return self._leg_is_done(no)
            case "approval":
                state = self.course.approvals[no].state
                return state in (ApprovalState.APPROVED, ApprovalState.WITHDRAWN)
            case _:
                return self.course.tasks[no].state != TaskState.OPEN

    def _leg_is_done(self, no: int) -> bool:
        leg = self.course.legs[no]
        if leg.state == LegState.TRANSFERRED:
            heirs = [one.no for one in self.course.legs if one.parent_no == no]
            return bool(heirs) and self._leg_is_done(heirs[-1])
        return leg.state in DELIVERED_LEG_STATES

    def to_begin(self) -> list[StandardStep]:
        """Return the steps whose turn has come, in the plan's order; what was given back is not begun again."""
        begun = set(self.course.steps)
        return [self.rows[key] for key in self.plan.to_begin(begun=begun, done=self.done())]

    def still_needed(self) -> list[StandardStep]:
        """Return the steps without which the request is not fulfilled."""
        join = Join(self.work.ticket.standard.steps_join)
        return [self.rows[key] for key in self.plan.still_needed(self.done(), join)]

    def holds_back(self) -> bool:
        """Whether approvals that come before all work are still open or to come."""
        if any(
            each.is_open and each.leg_no is None and not each.step for each in self.course.approvals
        ):
            return True
        done = self.done()
        return any(
            row.kind == StepKind.APPROVAL and key not in done and self._comes_first(key, set())
            for key, row in self.rows.items()
            if key in self.plan.still_needed(done)
        )

    def _comes_first(self, key: str, seen: set[str]) -> bool:
        if key in seen:
            return False
        row = self.rows[key]
        return row.kind == StepKind.APPROVAL and all(
            self._comes_first(other, seen | {key}) for other in row.after
        )


def advance(work: Work) -> None:
    """Begin every step whose turn has come, and let the owning department begin once nothing holds it back.

    A round may finish a step at once (an approval nobody but the requester could give), so it goes on until
    nothing more begins.
    """
    fulfilment = Fulfilment(work)
    while ready := fulfilment.to_begin():
        for row in ready:
            _BEGIN[row.kind](work, row)
    lead = work.log.course.lead
    if lead is not None and lead.held and not fulfilment.holds_back():
        event = work.happen(EventKind.LEG_RELEASED, lead.no)
        work.tell(events.LegOffered, event, leg_no=lead.no)


def _begin_leg(work: Work, row: StandardStep) -> None:
    lead = work.log.course.lead
    assert lead is not None and row.department is not None  # noqa: S101, PT018 - held by the database
    standard = catalog_queries.standard_for(row.department)
    no = len(work.log.course.legs)
    mode = row.mode if lead.is_active and row.mode == HandOverMode.RELAY else HandOverMode.PARALLEL
    event = work.happen(
        EventKind.LEG_OFFERED,
        no,
        parent=lead.no,
        mode=str(mode),
        supplier=row.department.pk,
        customer=lead.supplier_id,
        service=standard.service_id,
        standard=standard.pk,
        ask=str(row.title),
        step=row.key,
        seconds=row.seconds,
        automatic=True,
    )
    work.tell(events.LegOffered, event, leg_no=no)


def _begin_task(work: Work, row: StandardStep) -> None:
    event = work.happen(
        EventKind.TASK_OPENED,
        title=row.title.as_json(),
        department=row.department_id or work.ticket.supplier_id,
        checklist=row.checklist,
        step=row.key,
    )
    work.tell(events.TaskOpened, event, no=len(work.log.course.tasks) - 1)


def _begin_approval(work: Work, row: StandardStep) -> None:
    on = org_queries.organisation_day(work.now)
    asked = queries.approvers(work.ticket, row.approvers, on=on)
    if (
        not asked
    ):  # nobody but the requester could approve: the owner decides by taking the work or not
        title = row.title.as_json()
        work.happen(EventKind.STEP_SKIPPED, step=row.key, title=title, automatic=True)
        return
    event = work.happen(
        EventKind.APPROVAL_ASKED,
        title=row.title.as_json(),
        step=row.key,
        approvers=[person.pk for person in asked],
        needed=engine.needed(row.quorum, len(asked)),
    )
    work.tell(events.ApprovalAsked, event, no=len(work.log.course.approvals) - 1)


_BEGIN = {
    StepKind.LEG.value: _begin_leg,
    StepKind.TASK.value: _begin_task,
    StepKind.APPROVAL.value: _begin_approval,
}


def finish_plan(work: Work) -> None:
    """Make sure that a request may be resolved; with "the first of them" what is still open is not needed.

    Raises:
        StepsMissingError: steps of the plan are not done.
    """
    fulfilment = Fulfilment(work)
    if not fulfilment.rows:
        return
    missing = fulfilment.still_needed()
    if missing:
        raise StepsMissingError([row.title for row in missing])
    for key in fulfilment.begun() - fulfilment.done():
        _drop(work, *work.log.course.steps[key])


def _drop(work: Work, kind: str, no: int) -> None:
    match kind:
        case "leg":
            work.happen(EventKind.LEG_CANCELLED, no, reason="", automatic=True)
        case "approval":
            work.happen(EventKind.APPROVAL_WITHDRAWN, approval=no, automatic=True)
        case "task":
            work.happen(EventKind.TASK_DROPPED, task=no, reason="", automatic=True)


@transaction.atomic
def skip_step(
    *, ticket: Ticket, by: Person, key: str, why: str, version: int, now: datetime
) -> Ticket:
    """Leave a step of the plan out, with a reason; what waits for it goes on.

    Raises:
        PermissionDenied: the lead leg is somebody else's.
        TicketChangedError: somebody was faster.
        ReasonNeededError, BadTextError: no reason, or one that is too long.
        NotPossibleError: there is no such step, it is done, or it is an approval: only approvers decide those.
    """
    work = begin(ticket, by=by, now=now)
    require(policies.may_resolve(work.who, work.lead_leg()))
    work.refuse_stale(version)
    given = reason(why)
    fulfilment = Fulfilment(work)
    row = fulfilment.rows.get(key)
    if row is None or row.kind == StepKind.APPROVAL or key in fulfilment.done():
        raise NotPossibleError("no such step can be left out")
    if key in fulfilment.begun():
        _drop(work, *work.log.course.steps[key])
    data: dict[str, Any] = {"step": key, "title": row.title.as_json(), "reason": given}
    work.happen(EventKind.STEP_SKIPPED, **data)
    advance(work)
    work.finish()
    return work.ticket
