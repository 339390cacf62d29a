"""The life of one request, from submission to confirmation or to the end of the history."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Final

from neike.catalog.choices import HandOverMode, Priority
from neike.desk.bulk import TicketScript
from neike.desk.choices import Channel, EventKind, LegState, Visibility, WaitingOn
from neike.desk.demo.answers import answer
from neike.desk.demo.blanks import Blanks, name_of
from neike.desk.demo.demand import Arrival
from neike.desk.demo.texts import CHINESE, ENGLISH, common
from neike.desk.demo.world import Part, World
from neike.desk.replay import (
    CONFIRM_TICKET_DAYS,
    LAPSE_DAYS,
    REMIND_DAYS,
    Terms,
)
from neike.org.demo.people import Member

MINUTE: Final = 60
HOUR: Final = 3600
_PRIORITIES: Final = {
    Priority.NORMAL.value: 84,
    Priority.HIGH.value: 10,
    Priority.LOW.value: 4,
    Priority.URGENT.value: 2,
}
_THANKED: Final = 0.8


class HistoryEndsError(Exception):
    """The next thing would happen after the end of the history: the request stays as it is."""


class Finished(Exception):  # noqa: N818 - no error: nothing more happens
    """The request is over before its usual end."""


class Life:
    """A request while it is lived. `now` moves; `later` holds what others do meanwhile."""

    def __init__(
        self,
        world: World,
        arrival: Arrival,
        rng: random.Random,
        *,
        priority: str = "",
        held: bool = False,
    ) -> None:
        self.world, self.rng, self.requester = world, rng, arrival.requester
        self.now, self.day = arrival.at, arrival.at.date()
        self.english = arrival.requester.english
        self.language = ENGLISH if self.english else CHINESE
        self.words = arrival.offer.words[self.language]
        self.offered = world.catalogue[arrival.offer.name]
        self.standard = self.offered.standard_at(arrival.at)
        self.name, self.department, self.customer = (
            arrival.offer.name,
            arrival.offer.department,
            arrival.customer,
        )
        self.terms: Terms = world.terms[self.standard.pk]
        colleagues = [
            each
            for each in world.staff.of(arrival.customer, self.day)
            if each is not self.requester
        ]
        self.blanks = Blanks(
            rng,
            self.language,
            self.day,
            world.name(arrival.customer, self.day, english=self.english),
            colleagues,
        )
        self.agent = world.agent(rng, self.department, arrival.at, without=self.requester.pk)
        self.later: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self.parallel_until: datetime | None = None
        self.script = self._submit(arrival, priority, held=held)

    def _submit(self, arrival: Arrival, priority: str, *, held: bool) -> TicketScript:
        service = self.offered.service
        title = self.rng.choice(self.words.titles)
        written = self.blanks.fill(title.text)
        department = self.world.departments[arrival.customer]
        answers = answer(
            self.world.schema(self.offered),
            service=self.name,
            title=title,
            written=written,
            words=self.words,
            blanks=self.blanks,
            requester=self.requester,
            department=str(department.public_id),
        )
        drawn = self.rng.choices(list(_PRIORITIES), list(_PRIORITIES.values()))[0]
        return TicketScript(
            self.world.terms,
            at=arrival.at,
            title=written,
            service_id=service.pk,
            form_id=service.form_id or 0,
            standard_id=self.standard.pk,
            supplier_id=service.department_id,
            customer_id=department.pk,
            requester_id=self.requester.pk,
            priority=priority or drawn,
            channel=Channel.PORTAL,
            confidential=service.confidential,
            answers=answers,
            held=held,
        )

    # -- time ---------------------------------------------------------------------------------------------

    def go(self, at: datetime) -> None:
        """Move to a moment; whatever others do until then happens first.

        Raises:
            HistoryEndsError: the moment lies at or after the end of the history.
        """
        while self.later and self.later[0][0] <= at:
            when, _order, deed = heappop(self.later)
            if when >= self.world.until:
                raise HistoryEndsError
            self.now = max(self.now, when)
            deed()
        if at >= self.world.until:
            raise HistoryEndsError
        self.now = max(self.now, at)

    def meanwhile(self, at: datetime, deed: Callable[[], None]) -> None:
        """Let somebody else do something at a moment to come."""
        heappush(self.later, (at, next(self._order), deed))

    def after(self, seconds: float, since: datetime | None = None) -> datetime:
        """Return the moment that many working seconds later (at least one)."""
        target = timedelta(seconds=max(1, int(seconds)))
        found = self.terms.calendar.due(since or self.now, target)
        assert found is not None  # noqa: S101 - the calendars open every week
        return found

    def work(self, seconds: float) -> None:
        """Let working time pass."""
        self.go(self.after(seconds))

    def drawn(self, median: float, spread: float = 0.9) -> float:
        """Draw a log-normal number of seconds."""
        return median * self.rng.lognormvariate(0.0, spread)

    def chance(self, share: float) -> bool:
        """Say whether something of this probability happens."""
        return self.rng.random() < share

    # -- words --------------------------------------------------------------------------------------------

    def say(self, kind: str) -> str:
        """Return one of the common sentences of a kind."""
        self.blanks["agent"] = name_of(self.agent, english=self.english)
        return self.blanks.choose(common()[kind][self.language])

    def write(self, body: str, *, by: Member | None = None, internal: bool = False) -> None:
        """Write as the agent (or somebody of the serving side)."""
        self.script.message(
            self.now,
            by_id=(by or self.agent).pk,
            body=body,
            visibility=Visibility.INTERNAL if internal else Visibility.PUBLIC,
            serving=True,
        )

    # -- the course of things -----------------------------------------------------------------------------

    def accept(self, no: int, agent: Member, *, department: str, limit: float) -> None:
        """Take an offered leg; past its promise it is taken by time, and by somebody later.

        `limit` is the longest delay in working seconds, so that short work does not wait for hours.
        """
        terms = self.world.terms[self.script.course.legs[no].terms.standard_id]
        target = terms.target(self.script.course.priority, "acceptance") or HOUR
        kept = 0.55 + 0.45 * self.world.pace.kept(department, self.now.date())
        delay = self.drawn(target * 0.32, 0.7) if self.chance(kept) else target * 1.6
        delay = min(delay, limit)
        if delay < target:
            self.work(delay)
            self.script.accept(self.now, no, by_id=agent.pk)
            return
        self.work(target)
        self.script.accept(self.now, no, by_id=None, automatic=True)
        self.work(delay - target)
        self.script.assign(self.now, no, to_id=agent.pk, by_id=agent.pk)

    def ask_requester(self, no: int) -> None:
        """Ask the requester something and wait for the answer, a reminder, or the end of patience."""
        question = self.blanks.choose(self.words.ask)
        self.write(question)
        asked = self.now
        self.script.wait(
            asked, no, by_id=self.agent.pk, waiting_on=WaitingOn.REQUESTER, reason=question
        )
        answered = self.after(self.drawn(3.2 * HOUR, 1.15))
        remind = self.terms.calendar.after_working_days(asked, REMIND_DAYS)
        lapse = self.terms.calendar.after_working_days(asked, LAPSE_DAYS)
        assert remind is not None  # noqa: S101 - the calendars open every week
        assert lapse is not None  # noqa: S101
        if answered > remind:
            self.go(remind)
            self.script.happen(EventKind.LEG_REMINDED, self.now, no)
        if answered >= lapse:
            self.go(lapse)
            self.script.happen(EventKind.LEG_RESUMED, self.now, no, automatic=True)
            self.script.happen(EventKind.RESOLVED, self.now, no, automatic=True)
            self._lapse()
        self.go(answered)
        self.script.message(
            self.now,
            by_id=self.requester.pk,
            body=self.blanks.choose(self.words.answer),
            serving=False,
        )
        self.script.resume(self.now, no, by_id=self.requester.pk)
        if self.chance(_THANKED):
            self.work(min(self.drawn(12 * MINUTE), HOUR))
            self.write(self.say("thanks"))

    def _lapse(self) -> None:
        self.confirm_by_itself()
        raise Finished

    def wait_outside(self, no: int, agent: Member, seconds: float) -> None:
        """Wait for somebody outside the company."""
        until = self.after(seconds)
        self.script.wait(
            self.now,
            no,
            by_id=agent.pk,
            waiting_on=WaitingOn.THIRD_PARTY,
            reason=self.say("third_party"),
            follow_up_at=until,
        )
        self.go(until)
        self.script.resume(self.now, no, by_id=agent.pk)

    def confirm_by_itself(self) -> None:
        """Let time confirm the result."""
        lapse = self.terms.calendar.after_working_days(self.now, CONFIRM_TICKET_DAYS)
        assert lapse is not None  # noqa: S101 - the calendars open every week
        self.go(lapse)
        self.script.confirm(self.now, by_id=None, automatic=True)

    def is_delivered(self, no: int) -> bool:
        """Say whether a leg waits for its confirmation."""
        return self.script.leg_state(no) == LegState.DELIVERED

    def parts(self) -> tuple[Part, ...]:
        """Return the steps; without any, the department does all by itself."""
        found = self.world.parts(self.standard)
        return found or (Part(self.department, HandOverMode.RELAY.value, 1),)
