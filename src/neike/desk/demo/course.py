"""What usually happens to a request: accepted, worked through its steps, resolved, confirmed."""

from contextlib import suppress
from typing import Final

from neike.catalog.choices import HandOverMode, Priority, TargetMetric
from neike.desk.bulk import TicketScript
from neike.desk.demo import relay
from neike.desk.demo.life import HOUR, MINUTE, Finished, HistoryEndsError, Life
from neike.desk.demo.world import Part

_CANCELLED: Final = 0.025
_RAISED: Final = 0.03
_ANSWERED: Final = 0.92
_QUESTION: Final = 0.15
_OUTSIDE: Final = 0.05
_OUTSIDE_PLANNED: Final = 0.16
_REOPENED: Final = 0.04
_CONFIRMED: Final = 0.62
# How often a step that is only needed at times really takes place.
_SOMETIMES: Final = {("it-new-laptop", "procurement"): 0.35, ("procurement-return", "legal"): 0.4}
# Work that comes back to the other department although no step says so: Finance and Procurement.
_UNPLANNED: Final = {
    ("finance-contract-payment", "procurement"): 0.4,
    ("finance-payment-status", "procurement"): 0.3,
    ("it-network-vpn", "admin"): 0.05,
    ("hr-social-insurance", "finance"): 0.25,
    ("finance-expense-question", "hr"): 0.05,
    ("quality", "rd"): 0.22,
    ("rd", "quality"): 0.2,
    ("admin-repair", "procurement"): 0.1,
}
_TRANSFERRED: Final = {
    "it": ("admin", 0.2),
    "admin": ("it", 0.12),
    "hr": ("finance", 0.15),
    "finance": ("hr", 0.12),
    "care": ("quality", 0.2),
}


def live(life: Life) -> TicketScript:
    """Live until the request, or the history, ends; return what happened."""
    with suppress(HistoryEndsError):
        with suppress(Finished):
            _run(life)
        life.go(life.world.until)  # the others finish what they had begun
    return life.script


def _run(life: Life) -> None:
    """Let a request run its usual course.

    Raises:
        HistoryEndsError: the history ends before the request does.
        Finished: it ended earlier than usual.
    """
    if life.chance(_CANCELLED):
        _cancel(life)
    total = _working_time(life)
    life.accept(0, life.agent, department=life.department, limit=total * 0.3)
    begun = life.now
    if life.chance(_RAISED):
        _raise_priority(life)
    if life.chance(_ANSWERED):
        life.work(min(life.drawn(6 * MINUTE), total * 0.1))
        life.write(life.say("opening"))
    if life.chance(0.6):
        life.script.start(life.now, 0, by_id=life.agent.pk)
    spent = life.terms.calendar.worked_between(life.script.ticket.submitted_at, begun)
    lead = _transfer(life)
    _work_through(life, lead, max(total - spent.total_seconds(), total * 0.25))
    _resolve(life)
    _after_resolving(life, total)


def _working_time(life: Life) -> float:
    """Draw the working seconds this request takes."""
    promised = life.terms.target(life.script.ticket.priority, TargetMetric.END_TO_END.value)
    factor = life.world.pace.factor(life.rng, life.department, life.day)
    target = promised or 8 * HOUR
    gone = life.terms.calendar.worked_between(life.now, life.world.until).total_seconds()
    if life.world.pace.unfinished(life.rng, gone / target):
        return max(target * factor, gone * life.rng.uniform(1.4, 2.4))
    return target * factor


def _cancel(life: Life) -> None:
    life.work(life.drawn(2 * HOUR))
    life.script.cancel(life.now, by_id=life.requester.pk, reason=life.say("cancel"))
    raise Finished


def _raise_priority(life: Life) -> None:
    if life.script.ticket.priority != Priority.NORMAL:
        return
    life.script.change_priority(
        life.now,
        by_id=life.agent.pk,
        priority=Priority.HIGH.value,
        reason=life.say("urgent"),
    )


def _transfer(life: Life) -> int:
    """Pass what is not ours to who answers for it; returns the number of the leg that leads."""
    to, share = _TRANSFERRED.get(life.name, ("", 0.0))
    if not life.chance(share):
        return 0
    no = relay.offer(life, 0, to, HandOverMode.TRANSFER, life.say("transfer"))
    life.department = to
    life.agent = relay.somebody(life, to)
    life.accept(no, life.agent, department=to, limit=3 * HOUR)
    return no


def _work_through(life: Life, lead: int, seconds: float) -> None:
    """Go through the steps; `seconds` of working time are shared out among them."""
    parts = [
        part
        for part in life.parts()
        if life.chance(_SOMETIMES.get((life.name, part.department), 1))
    ]
    if lead:
        parts = [Part(life.department, HandOverMode.RELAY.value, 1)]
    parts += [
        Part(department, HandOverMode.RELAY.value, 0)
        for (name, department), share in _UNPLANNED.items()
        if name == life.name and life.chance(share)
    ]
    planned = sum(part.seconds for part in parts if part.mode != HandOverMode.PARALLEL) or 1
    for index, part in enumerate(parts):
        share = seconds * (part.seconds or planned * 0.2) / planned
        if part.department == life.department:
            _own_step(life, lead, share, first=index == 0)
        elif part.mode == HandOverMode.PARALLEL:
            relay.beside(life, lead, part.department, share)
        else:
            relay.through(life, lead, part.department, share)


def _own_step(life: Life, no: int, seconds: float, *, first: bool) -> None:
    """Work on it; now and then a question or somebody outside holds things up."""
    outside = _OUTSIDE_PLANNED if life.standard.third_party_pauses else _OUTSIDE
    if first and life.chance(_QUESTION):
        life.work(seconds * 0.3)
        life.ask_requester(no)
        life.work(seconds * 0.7)
    elif seconds > 2 * HOUR and life.chance(outside):
        life.work(seconds * 0.25)
        life.wait_outside(no, life.agent, seconds * 0.5)
        life.work(seconds * 0.25)
    else:
        if life.chance(0.05):
            _reassign(life, no, seconds * 0.2)
            seconds *= 0.8
        life.work(seconds)
    if life.chance(0.06):
        life.write(life.say("note"), internal=True)


def _reassign(life: Life, no: int, seconds: float) -> None:
    life.work(seconds)
    before, life.agent = life.agent, relay.somebody(life, life.department)
    if life.agent is not before:
        life.script.assign(life.now, no, to_id=life.agent.pk, by_id=before.pk)


def _resolve(life: Life) -> None:
    if life.parallel_until is not None:
        life.go(max(life.now, life.after(10 * MINUTE, life.parallel_until)))
    if life.chance(0.82):
        life.write(life.blanks.choose(life.words.done))
    life.script.deliver(life.now, life.script.lead, by_id=life.agent.pk)


def _after_resolving(life: Life, total: float) -> None:
    if life.chance(_REOPENED):
        life.work(life.drawn(2 * HOUR, 0.5))
        reason = life.say("reopen")
        life.script.reopen(life.now, by_id=life.requester.pk, reason=reason)
        life.work(min(total * 0.15, 6 * HOUR))
        life.write(life.blanks.choose(life.words.done))
        life.script.deliver(life.now, life.script.lead, by_id=life.agent.pk)
    if life.chance(_CONFIRMED):
        life.work(min(life.drawn(2.5 * HOUR, 1.0), 20 * HOUR))
        life.script.confirm(life.now, by_id=life.requester.pk)
    else:
        life.confirm_by_itself()
