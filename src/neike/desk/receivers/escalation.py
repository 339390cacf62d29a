"""Tell the next ones of a promise that is missed for longer."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from neike.desk import events
from neike.desk.actions import escalation
from neike.desk.choices import EscalationWhom
from neike.desk.models import Clock
from neike.desk.queries import escalation as queries
from neike.desk.receivers.finding import leg_of
from neike.desk.telling import tell
from neike.kernel.outbox import receives

_WHY = {
    EscalationWhom.SUBSTITUTE: _("You stand in for who works on it; it is late by %(hours)s h."),
    EscalationWhom.DESK: _("You work this queue; it is late by %(hours)s h."),
    EscalationWhom.LEAD: _("You lead the department; it is late by %(hours)s h."),
    EscalationWhom.LEAD_ABOVE: _("You lead the department above; it is late by %(hours)s h."),
    EscalationWhom.PERSON: _("The department named you for what is late by %(hours)s h."),
}


@receives(events.ClockEscalated)
def pass_a_missed_promise_up(event: events.ClockEscalated, *, now: datetime) -> None:
    """Tell whom a step of the escalation names, once, and keep who heard it."""
    clock = Clock.objects.select_related("leg", "ticket").get(pk=event.clock_id)
    lead = clock.leg or clock.ticket.legs.get(is_lead=True)
    leg, whom = leg_of(lead.pk), EscalationWhom(event.whom)
    people = queries.whom_to_tell(whom, event.person_id, leg, now=now)
    heard = tell(
        people,
        leg.ticket,
        event,
        _("Still missed: %(ticket)s"),
        now=now,
        key=f"escalated:{clock.pk}:{event.mark}",
        because=_WHY[whom],
        hours=f"{event.after_minutes / 60:g}",
    )
    told = [(person, whom.value) for person in heard]
    escalation.record_told(clock=clock, mark=event.mark, people=told, now=now)
