"""Hand-overs between departments: relay, parallel, return, rework, and work that goes back and forth."""

from collections.abc import Mapping
from typing import Final

from neike.catalog.choices import HandOverMode
from neike.desk.choices import ReturnReason
from neike.desk.demo.life import HOUR, MINUTE, Life
from neike.desk.demo.texts import common
from neike.desk.replay import CONFIRM_LEG_DAYS
from neike.org.demo.people import Member

_REWORK: Final = 0.05
_CONFIRMED: Final = 0.72
# How often a department sends a hand-over back, by sender and receiver.
_RETURNED: Final[Mapping[tuple[str, str], float]] = {
    ("procurement", "finance"): 0.38,
    ("finance", "procurement"): 0.34,
    ("hr", "it"): 0.05,
    ("finance", "legal"): 0.08,
}
_RETURNED_OTHERWISE: Final = 0.03
_MOST_RETURNS: Final = 3
# How often the receiver itself asks the sender back before it delivers.
_ASKED_BACK: Final[Mapping[tuple[str, str], float]] = {
    ("finance", "procurement"): 0.4,
    ("procurement", "finance"): 0.3,
    ("quality", "rd"): 0.1,
}


def somebody(life: Life, department: str) -> Member:
    """Draw who takes the work in a department: never the requester."""
    return life.world.agent(life.rng, department, life.now, without=life.requester.pk)


def offer(
    life: Life, sender: int, to: str, mode: HandOverMode, ask: str, *, by: Member | None = None
) -> int:
    """Hand over to a department's "Something else"; returns the number of the new leg."""
    offered = life.world.catalogue[to]
    return life.script.hand_over(
        life.now,
        sender,
        by_id=(by or life.agent).pk,
        to_id=life.world.departments[to].pk,
        service_id=offered.service.pk,
        standard_id=offered.standard_at(life.now).pk,
        mode=mode,
        ask=ask,
    )


def asking(life: Life, to: str) -> str:
    """Return what is asked of a department."""
    said = common()["hand_over"]
    return life.blanks.choose(said.get(to, said["other"])[life.language])


def through(life: Life, lead: int, to: str, seconds: float) -> None:
    """Hand over and wait for the result; it may come back unfinished first, and be sent back afterwards."""
    agent = somebody(life, to)
    no = _offered_until_kept(life, lead, to, agent)
    if life.chance(_ASKED_BACK.get((life.department, to), 0.0)):
        life.work(seconds * 0.4)
        _ask_back(life, no, agent, to)
        life.work(seconds * 0.4)
    else:
        life.work(seconds * 0.9)
    _deliver(life, no, agent)
    if life.chance(_REWORK):
        life.work(life.drawn(40 * MINUTE, 0.5))
        if life.is_delivered(no):
            life.script.rework(life.now, no, by_id=life.agent.pk, reason=life.say("rework"))
            life.work(max(seconds * 0.25, 20 * MINUTE))
            _deliver(life, no, agent)
    _confirm_later(life, no)


def _offered_until_kept(life: Life, lead: int, to: str, agent: Member) -> int:
    """Offer until the department keeps it; each return costs both sides time."""
    returned = _RETURNED.get((life.department, to), _RETURNED_OTHERWISE)
    ask = asking(life, to)
    for _attempt in range(_MOST_RETURNS):
        no = offer(life, lead, to, HandOverMode.RELAY, ask)
        life.accept(no, agent, department=to, limit=1.5 * HOUR)
        if not life.chance(returned):
            return no
        life.work(life.drawn(30 * MINUTE, 0.5))
        life.write(life.say("returned"), by=agent, internal=True)
        life.script.return_leg(
            life.now, no, by_id=agent.pk, reason=ReturnReason.MISSING_INFORMATION
        )
        life.work(life.drawn(35 * MINUTE, 0.5))
        ask = life.say("completed")
    no = offer(life, lead, to, HandOverMode.RELAY, ask)
    life.accept(no, agent, department=to, limit=HOUR)
    return no


def _ask_back(life: Life, no: int, agent: Member, department: str) -> None:
    """Let the receiver ask the sending department something before it goes on."""
    back = life.department
    helper = somebody(life, back)
    asked = offer(life, no, back, HandOverMode.RELAY, asking(life, back), by=agent)
    life.accept(asked, helper, department=back, limit=HOUR)
    life.work(life.drawn(HOUR, 0.6))
    _deliver(life, asked, helper)
    _confirm_later(life, asked, by=agent)


def _deliver(life: Life, no: int, agent: Member) -> None:
    if life.chance(0.5):
        life.write(life.say("answer_leg"), by=agent, internal=True)
    life.script.deliver(life.now, no, by_id=agent.pk)


def _confirm_later(life: Life, no: int, *, by: Member | None = None) -> None:
    """Let the sending department look at the delivery, or time accept it after two working days."""
    sender = by or life.agent
    lapse = life.terms.calendar.after_working_days(life.now, CONFIRM_LEG_DAYS)
    assert lapse is not None  # noqa: S101 - the calendars open every week
    if life.chance(_CONFIRMED):
        looked = min(life.after(life.drawn(1.5 * HOUR)), lapse)
        life.meanwhile(looked, lambda: _confirm(life, no, sender, automatic=False))
    else:
        life.meanwhile(lapse, lambda: _confirm(life, no, sender, automatic=True))


def _confirm(life: Life, no: int, sender: Member, *, automatic: bool) -> None:
    if life.is_delivered(no):
        life.script.confirm_leg(
            life.now, no, by_id=None if automatic else sender.pk, automatic=automatic
        )


def beside(life: Life, lead: int, to: str, seconds: float) -> None:
    """Hand over while one's own work goes on; the request is resolved when both are done."""
    agent = somebody(life, to)
    no = offer(life, lead, to, HandOverMode.PARALLEL, asking(life, to))
    taken = life.after(min(life.drawn(20 * MINUTE), 40 * MINUTE))
    done = life.after(max(seconds, 15 * MINUTE), taken)

    def deliver() -> None:
        _deliver(life, no, agent)
        _confirm_later(life, no)

    life.meanwhile(taken, lambda: life.script.accept(life.now, no, by_id=agent.pk))
    life.meanwhile(done, deliver)
    life.parallel_until = max(done, life.parallel_until or done)
