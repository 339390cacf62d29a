"""What the request page shows of approvals, tasks and the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from neike.catalog.choices import TargetMetric
from neike.desk import policies, queries
from neike.desk.actions.plans import Fulfilment
from neike.desk.actions.work import Work
from neike.desk.choices import TaskState
from neike.desk.display import approvals as asked_for
from neike.desk.display import moves, plan
from neike.desk.display import tasks as to_do
from neike.desk.display.moves import Move
from neike.desk.models import Leg, Ticket
from neike.desk.ticket_events import TicketLog
from neike.desk.views.reading import Reader


@dataclass(frozen=True, slots=True)
class Steps:
    """The panel: approvals, tasks, the plan, and the buttons that add to them."""

    approvals: Sequence[asked_for.Shown]
    tasks: Sequence[to_do.Shown]
    plan: Sequence[plan.StepShown]
    adding: Sequence[Move]

    @property
    def moves(self) -> list[Move]:
        """Every button of the panel."""
        by_approval = chain.from_iterable(each.moves for each in self.approvals)
        by_task = chain.from_iterable(each.moves for each in self.tasks)
        skips = (each.skip for each in self.plan if each.skip)
        return [*by_approval, *by_task, *skips, *self.adding]

    @property
    def asks(self) -> Sequence[asked_for.Shown]:
        """The approvals that wait for the reader."""
        return [
            each for each in self.approvals if any(move.tone == "primary" for move in each.moves)
        ]

    @property
    def open_tasks(self) -> int:
        """How many tasks are still to do."""
        return sum(each.task.state == TaskState.OPEN for each in self.tasks)


def context(
    reader: Reader,
    ticket: Ticket,
    legs: Sequence[Leg],
    clocks: Sequence[dict[str, Any]],
    people: Mapping[int, str],
) -> Steps:
    """Return the panel, in a fixed number of queries; `clocks` are all the page knows."""
    own = {
        each["clock"].cycle: each
        for each in clocks
        if each["clock"].metric == TargetMetric.APPROVAL and each["clock"].leg is None
    }
    asked = queries.approvals_of(ticket)
    return Steps(
        approvals=[
            asked_for.shown(
                reader.who,
                ticket,
                each,
                legs=legs,
                clock=own.get(each.no) if each.leg_no is None else None,
            )
            for each in asked
        ],
        tasks=[
            to_do.shown(reader.who, ticket, each, department=reader.chart.name(each.department_id))
            for each in queries.tasks_of(ticket)
        ],
        plan=_plan(reader, ticket, legs, people),
        adding=moves.step_moves(reader.who, ticket, legs),
    )


def _plan(
    reader: Reader, ticket: Ticket, legs: Sequence[Leg], people: Mapping[int, str]
) -> list[plan.StepShown]:
    """Return the picture of the plan; the log is read only where there is one."""
    if not any(step.automatic for step in ticket.standard.steps.all()):
        return []
    fulfilment = Fulfilment(Work(TicketLog(ticket, now=reader.now), by=None, now=reader.now))
    progress = plan.Progress(
        rows=fulfilment.rows,
        course=fulfilment.course,
        left_out=fulfilment.left_out,
        done=fulfilment.done(),
        begun=fulfilment.begun(),
    )
    lead = next(leg for leg in legs if leg.is_lead)
    return plan.picture(
        progress,
        ticket,
        chart=reader.chart,
        people=people,
        may_skip=bool(policies.may_resolve(reader.who, lead)),
    )
