"""A request told event by event, in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from neike.catalog.choices import HandOverMode
from neike.desk.choices import Channel, EventKind, LegState, ReturnReason, Visibility, WaitingOn
from neike.desk.models import Message, Ticket
from neike.desk.replay import REQUESTER, SERVING, Course, Event, Terms, apply
from neike.desk.ticket_events import first_leg_data, submitted_data
from neike.kernel.texts import LocalizedText


class TicketScript:
    """Tells a request from its submission on.

    Every method is one event and raises `IllegalEventError` when the state does not allow it, leaving the
    script as it was.

    `terms` is `desk.terms.terms_of(standard ids)` and may be shared by all scripts. Moments are aware and may
    not go back. Rights, audience and forms are the caller's business. `source` and `source_key` name the case
    in the system it came from: it is written once. `held` keeps the first leg back until `release`.
    """

    def __init__(  # noqa: PLR0913 - a request says many things
        self,
        terms: Mapping[int, Terms],
        *,
        at: datetime,
        title: str,
        service_id: int,
        form_id: int,
        standard_id: int,
        supplier_id: int,
        customer_id: int,
        requester_id: int,
        raised_by_id: int | None = None,
        priority: str,
        channel: Channel = Channel.IMPORT,
        confidential: bool = False,
        answers: Mapping[str, Any] | None = None,
        source: str = "",
        source_key: str = "",
        held: bool = False,
    ) -> None:
        self.ticket = Ticket(
            title=title[:200],
            service_id=service_id,
            form_id=form_id,
            standard_id=standard_id,
            supplier_id=supplier_id,
            customer_id=customer_id,
            requester_id=requester_id,
            raised_by_id=raised_by_id or requester_id,
            channel=channel.value,
            priority=priority,
            confidential=confidential,
            answers=dict(answers or {}),
            source=source,
            source_key=source_key,
            submitted_at=at,
            last_activity_at=at,
        )
        self.course = Course(terms)
        self.events: list[Event] = []
        self.messages: list[tuple[Message, dict[str, Any]]] = []
        by_id = self.ticket.raised_by_id
        self.happen(EventKind.SUBMITTED, at, by_id=by_id, **submitted_data(self.ticket))
        first = first_leg_data(self.ticket)
        self.happen(
            EventKind.LEG_OFFERED, at, 0, by_id=by_id, **({"held": True} if held else {}), **first
        )

    @property
    def at(self) -> datetime:
        """The moment of the last event."""
        return self.events[-1].at

    @property
    def state(self) -> str:
        """The present `TicketState`."""
        return self.course.state

    @property
    def lead(self) -> int:
        """The number of the leg that leads."""
        assert self.course.lead is not None  # noqa: S101 - the constructor opened leg 0
        return self.course.lead.no

    def leg_state(self, leg: int) -> LegState:
        """Return the present state of a leg."""
        return LegState(self.course.legs[leg].state)

    def happen(
        self,
        kind: EventKind,
        at: datetime,
        leg: int | None = None,
        *,
        by_id: int | None = None,
        **data: Any,
    ) -> None:
        """Add an event.

        Raises:
            IllegalEventError: the state does not allow it, or `at` lies before the last event.
        """
        self._add(kind, at, leg, by_id, data)

    def _add(
        self,
        kind: EventKind,
        at: datetime,
        leg: int | None,
        by_id: int | None,
        data: dict[str, Any],
    ) -> None:
        event = Event(self.course.version + 1, kind.value, leg, by_id, at, data)
        apply(self.course, event)
        self.events.append(event)

    def accept(self, at: datetime, leg: int, *, by_id: int | None, automatic: bool = False) -> None:
        """The department takes an offered leg; `by_id` becomes its assignee."""
        flag = {"automatic": True} if automatic else {}
        self.happen(EventKind.LEG_ACCEPTED, at, leg, by_id=by_id, person=by_id, **flag)

    def assign(self, at: datetime, leg: int, *, to_id: int | None, by_id: int | None) -> None:
        """Give a leg to somebody."""
        self.happen(EventKind.LEG_ASSIGNED, at, leg, by_id=by_id, person=to_id)

    def start(self, at: datetime, leg: int, *, by_id: int | None) -> None:
        """Work begins."""
        self.happen(EventKind.LEG_STARTED, at, leg, by_id=by_id)

    def wait(
        self,
        at: datetime,
        leg: int,
        *,
        by_id: int | None,
        waiting_on: WaitingOn,
        reason: str = "",
        follow_up_at: datetime | None = None,
    ) -> None:
        """Work waits for the requester, an approver or an outside supplier."""
        self.happen(
            EventKind.LEG_WAITING,
            at,
            leg,
            by_id=by_id,
            waiting_on=waiting_on.value,
            reason=reason[:300],
            follow_up_at=follow_up_at.isoformat() if follow_up_at else None,
        )

    def resume(self, at: datetime, leg: int, *, by_id: int | None) -> None:
        """Work goes on."""
        self.happen(EventKind.LEG_RESUMED, at, leg, by_id=by_id)

    def hand_over(
        self,
        at: datetime,
        leg: int,
        *,
        by_id: int | None,
        to_id: int,
        service_id: int,
        standard_id: int,
        mode: HandOverMode = HandOverMode.RELAY,
        ask: str = "",
    ) -> int:
        """Ask another department; returns the number of the new leg."""
        no = len(self.course.legs)
        self.happen(
            EventKind.LEG_OFFERED,
            at,
            no,
            by_id=by_id,
            parent=leg,
            mode=mode.value,
            supplier=to_id,
            customer=self.course.legs[leg].supplier_id,
            service=service_id,
            standard=standard_id,
            ask=ask,
        )
        return no

    def return_leg(
        self, at: datetime, leg: int, *, by_id: int | None, reason: ReturnReason
    ) -> None:
        """Send a leg back to the department that handed it over."""
        self.happen(EventKind.LEG_RETURNED, at, leg, by_id=by_id, reason=reason.value)

    def deliver(self, at: datetime, leg: int, *, by_id: int | None) -> None:
        """Deliver a leg; the lead leg's delivery resolves the request."""
        lead = leg == self.lead
        flag = {"automatic": False} if lead else {}
        kind = EventKind.RESOLVED if lead else EventKind.LEG_DELIVERED
        self.happen(kind, at, leg, by_id=by_id, **flag)

    def confirm_leg(
        self, at: datetime, leg: int, *, by_id: int | None, automatic: bool = False
    ) -> None:
        """The asking department accepts a delivery."""
        flag = {"automatic": True} if automatic else {}
        self.happen(EventKind.LEG_CONFIRMED, at, leg, by_id=by_id, **flag)

    def rework(self, at: datetime, leg: int, *, by_id: int | None, reason: str) -> None:
        """The asking department sends a delivery back."""
        self.happen(EventKind.LEG_REWORK, at, leg, by_id=by_id, reason=reason[:300])

    def message(
        self,
        at: datetime,
        *,
        by_id: int,
        body: str = "",
        visibility: Visibility = Visibility.PUBLIC,
        serving: bool,
        automatic: bool = False,
    ) -> None:
        """Somebody writes; without `body` only the fact is kept."""
        data: dict[str, Any] = {
            "message": None,
            "visibility": visibility.value,
            "party": SERVING if serving else REQUESTER,
            "automatic": automatic,
        }
        self._add(EventKind.MESSAGE_POSTED, at, None, by_id, data)
        if body:
            message = Message(
                author_id=by_id,
                visibility=visibility.value,
                automatic=automatic,
                body=body,
                created_at=at,
            )
            self.messages.append((message, data))

    def change_priority(
        self, at: datetime, *, by_id: int | None, priority: str, reason: str
    ) -> None:
        """Set another priority."""
        before = self.course.priority
        self.happen(
            EventKind.PRIORITY_CHANGED,
            at,
            by_id=by_id,
            priority=priority,
            before=before,
            reason=reason,
        )

    def confirm(self, at: datetime, *, by_id: int | None, automatic: bool = False) -> None:
        """The requester, or time, accepts the result; the request is closed."""
        self.happen(EventKind.CONFIRMED, at, by_id=by_id, automatic=automatic)

    def reopen(self, at: datetime, *, by_id: int | None, reason: str = "") -> None:
        """The requester comes back; what was confirmed by a person stays closed."""
        self.happen(EventKind.REOPENED, at, by_id=by_id, reason=reason[:300])

    def cancel(self, at: datetime, *, by_id: int | None, reason: str = "") -> None:
        """Withdraw the request."""
        self.happen(EventKind.CANCELLED, at, by_id=by_id, reason=reason[:300])

    def ask_approval(
        self,
        at: datetime,
        *,
        by_id: int | None,
        title: LocalizedText,
        approvers: Sequence[int],
        needed: int,
        step: str = "",
    ) -> int:
        """Ask people to approve, as the plan does; returns the number of the approval."""
        no = len(self.course.approvals)
        self.happen(
            EventKind.APPROVAL_ASKED,
            at,
            by_id=by_id,
            title=title.as_json(),
            step=step,
            approvers=list(approvers),
            needed=needed,
        )
        return no

    def approve(self, at: datetime, no: int, *, by_id: int, for_id: int | None = None) -> None:
        """Agree, for oneself or (`for_id`) for whom one stands in."""
        self.happen(EventKind.APPROVAL_GIVEN, at, by_id=by_id, approval=no, person=for_id or by_id)

    def refuse(self, at: datetime, no: int, *, by_id: int, reason: str) -> None:
        """Do not agree; when that decides a plan's approval, `reject` follows."""
        said = reason[:300]
        self.happen(
            EventKind.APPROVAL_REFUSED, at, by_id=by_id, approval=no, person=by_id, reason=said
        )

    def release(self, at: datetime) -> None:
        """Let the work begin that was held back."""
        self.happen(EventKind.LEG_RELEASED, at, self.lead)

    def reject(self, at: datetime, no: int, *, by_id: int) -> None:
        """End the request because an approval was refused."""
        self.happen(EventKind.REJECTED, at, by_id=by_id, approval=no)

    def open_task(
        self,
        at: datetime,
        *,
        by_id: int | None,
        title: LocalizedText,
        department_id: int,
        checklist: Sequence[LocalizedText] = (),
        leg: int | None = None,
    ) -> int:
        """Open a task; returns its number."""
        no = len(self.course.tasks)
        self.happen(
            EventKind.TASK_OPENED,
            at,
            leg,
            by_id=by_id,
            title=title.as_json(),
            department=department_id,
            checklist=[point.as_json() for point in checklist],
        )
        return no

    def tick(self, at: datetime, no: int, item: int, *, by_id: int) -> None:
        """Tick a point of a task's checklist."""
        self.happen(EventKind.TASK_TICKED, at, by_id=by_id, task=no, item=item, done=True)

    def finish_task(self, at: datetime, no: int, *, by_id: int) -> None:
        """Say that a task is done."""
        self.happen(EventKind.TASK_DONE, at, by_id=by_id, task=no)
