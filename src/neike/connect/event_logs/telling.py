"""Tells a foreign case as one of our requests, event by event."""

from typing import Final

from neike.catalog.choices import HandOverMode
from neike.connect.event_logs.mapping import LogMap
from neike.connect.event_logs.staging import Case, Step
from neike.connect.event_logs.vocabulary import Turn
from neike.connect.event_logs.world import World
from neike.desk.bulk import TicketScript
from neike.desk.choices import LegState, TicketState, Visibility, WaitingOn

_WAITS: Final = {
    Turn.WAITING_REQUESTER: WaitingOn.REQUESTER,
    Turn.WAITING_APPROVER: WaitingOn.APPROVER,
    Turn.WAITING_THIRD_PARTY: WaitingOn.THIRD_PARTY,
}
_BACK_TO_WORK: Final = frozenset([Turn.WORKING, Turn.NEW, *_WAITS])
_DONE: Final = (TicketState.RESOLVED, TicketState.CLOSED)


def tell(case: Case, log_map: LogMap, world: World) -> TicketScript:
    """Return the script of one case; see docs/en/reference/log-import.md for what becomes of what."""
    return _Teller(case, log_map, world).told()


class _Teller:
    """One case being told."""

    def __init__(self, case: Case, log_map: LogMap, world: World) -> None:
        self.case, self.map, self.world = case, log_map, world
        self.group = next((step.group for step in case.steps if step.group), "")
        self.person = ""
        self.leg = 0
        first = case.steps[0]
        opened = min(first.opened or first.at, first.at)
        service = world.service(first.category)
        assert service.form_id is not None  # noqa: S101 - published services have both
        assert service.standard_id is not None  # noqa: S101
        self.service_id, self.standard_id = service.pk, service.standard_id
        self.script = TicketScript(
            world.terms,
            at=opened,
            title=self.title(first),
            service_id=service.pk,
            form_id=service.form_id,
            standard_id=service.standard_id,
            supplier_id=world.groups.get(self.group, world.unassigned.pk),
            customer_id=world.customer_groups.get(first.customer, world.customers.pk),
            requester_id=world.people.get(first.requester, world.unknown_person_id),
            priority=self.priority(first),
            source=log_map.source,
            source_key=case.key[:128],
        )

    def title(self, step: Step) -> str:
        if step.title:
            return step.title
        return f"{step.category} · {self.case.key}" if step.category else self.case.key

    def priority(self, step: Step) -> str:
        return self.map.priorities.get(step.priority, self.map.priority_otherwise)

    def told(self) -> TicketScript:
        for step in self.case.steps:
            self.tell_step(step)
        return self.script

    @property
    def is_done(self) -> bool:
        return self.script.state in _DONE

    @property
    def is_cancelled(self) -> bool:
        return self.script.state == TicketState.CANCELLED

    def tell_step(self, step: Step) -> None:
        if self.is_cancelled:
            self.note(step)
            return
        if self.is_done and step.turn in _BACK_TO_WORK:
            self.script.reopen(step.at, by_id=self.by(step), reason=step.state)
        if self.is_done:
            self.note(step)
        else:
            self.change_group(step)
            self.change_priority(step)
            self.change_person(step)
        self.turn(step)

    def by(self, step: Step) -> int | None:
        return self.world.people.get(step.person) if step.person else None

    def note(self, step: Step) -> None:
        """Keep what a finished request cannot show otherwise: a group that changed afterwards."""
        if not step.group or step.group == self.group:
            return
        self.group = step.group
        self.script.message(
            step.at,
            by_id=self.by(step) or self.world.unknown_person_id,
            body=f"{self.map.columns['group'][0]}: {step.group}",
            visibility=Visibility.INTERNAL,
            serving=True,
            automatic=True,
        )

    def change_group(self, step: Step) -> None:
        if not step.group or step.group == self.group:
            return
        # The row names who has the case afterwards; who had it before handed it over.
        before = self.world.people.get(self.person) if self.person else None
        self.group, self.person = step.group, ""
        self.resume(step)
        self.leg = self.script.hand_over(
            step.at,
            self.leg,
            by_id=before,
            to_id=self.world.groups[step.group],
            service_id=self.service_id,
            standard_id=self.standard_id,
            mode=HandOverMode.TRANSFER,
        )

    def change_priority(self, step: Step) -> None:
        priority = self.priority(step)
        if step.priority and priority != self.script.course.priority:
            self.script.change_priority(
                step.at, by_id=self.by(step), priority=priority, reason=step.priority
            )

    def change_person(self, step: Step) -> None:
        offered = self.script.leg_state(self.leg) == LegState.OFFERED
        if offered and (step.person or step.turn not in {Turn.NEW, Turn.UNCHANGED, Turn.CANCELLED}):
            self.script.accept(step.at, self.leg, by_id=self.by(step))
            self.person = step.person
        elif not offered and step.person and step.person != self.person:
            self.script.assign(step.at, self.leg, to_id=self.by(step), by_id=None)
            self.person = step.person

    def turn(self, step: Step) -> None:
        if step.turn in _WAITS:
            self.wait(step, _WAITS[step.turn])
        elif step.turn is Turn.WORKING:
            self.resume(step)
            self.answer(step)
        elif step.turn is Turn.RESOLVED:
            self.resolve(step)
        elif step.turn is Turn.CLOSED:
            self.close(step)
        elif step.turn is Turn.CANCELLED and not self.is_done:
            self.script.cancel(step.at, by_id=self.by(step), reason=step.state)

    def resume(self, step: Step) -> None:
        if self.script.leg_state(self.leg) == LegState.WAITING:
            self.script.resume(step.at, self.leg, by_id=self.by(step))

    def answer(self, step: Step) -> None:
        if step.state in self.map.responded:
            self.script.message(
                step.at, by_id=self.by(step) or self.world.unknown_person_id, serving=True
            )

    def wait(self, step: Step, waiting_on: WaitingOn) -> None:
        leg = self.script.course.legs[self.leg]
        if leg.state == LegState.WAITING and leg.waiting_on == waiting_on:
            return
        self.resume(step)
        self.script.wait(
            step.at, self.leg, by_id=self.by(step), waiting_on=waiting_on, reason=step.state
        )

    def resolve(self, step: Step) -> None:
        if not self.is_done:
            self.resume(step)
            self.script.deliver(step.at, self.leg, by_id=self.by(step))

    def close(self, step: Step) -> None:
        self.resolve(step)
        if self.script.state == TicketState.RESOLVED:
            self.script.confirm(step.at, by_id=None, automatic=True)
