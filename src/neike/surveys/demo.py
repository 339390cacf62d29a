"""The demo company's ratings: given by those who asked, lower the later the result came."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from neike.desk.choices import ClockState, EventKind, LegState
from neike.desk.models import Clock, Leg, Ticket, TicketEvent
from neike.desk.queries.workers import Workers, workers_of
from neike.kernel.demo import Company
from neike.org.demo import accounts
from neike.org.demo.people import Staff
from neike.surveys.actions import publish_pairs
from neike.surveys.bulk import NewRating, write_ratings
from neike.surveys.choices import SATISFIED, RatingReason
from neike.surveys.policies import RATABLE_STATES

_RATED: Final = 0.45
_LEG_RATED: Final = 0.28
_COMMENTED: Final = 0.22
_AT_ONCE: Final = 500
# The weights of one to five stars: kept, missed by less than half of the promise, missed by more.
_KEPT: Final = (1, 2, 9, 36, 52)
_LATE: Final = (6, 18, 38, 29, 9)
_VERY_LATE: Final = (20, 33, 31, 12, 4)
_LEFT_TO_RATE: Final = (accounts.EMPLOYEE, accounts.ABROAD)
_LEFT_DAYS: Final = 14

# What people write, by score: in Chinese, in English.
_COMMENTS: Final = {
    5: (
        (
            "办得很快，说明也清楚，谢谢！",
            "主动打电话跟进，体验很好。",
            "一次就解决了。",
            "比承诺的还早。",
        ),
        ("Quick and clear, thank you!", "Solved at the first try.", "Faster than promised."),
    ),
    4: (
        ("顺利办完，沟通及时。", "结果没问题，如果进度再透明一点更好。", "态度很好。"),
        ("Good, and I was kept informed.", "The result is fine."),
    ),
    3: (
        ("办完了，但是等得有点久。", "中间没有人告诉我进展。", "材料要求最好一次说清楚。"),
        ("Done, but I had to ask where it stood.", "A little slow."),
    ),
    2: (
        ("比承诺晚了很多，影响了我们的计划。", "同样的信息说明了两遍。", "来回补材料，太折腾。"),
        ("Much later than promised.", "I explained the same thing twice."),
    ),
    1: (
        ("拖了好几天，没有人主动联系。", "转来转去，最后还是自己想办法。", "问题没有真正解决。"),
        ("Days late and nobody called.", "Not really solved."),
    ),
}


def load(company: Company) -> None:
    """Write ratings of requests and of hand-overs; never by people who worked on them."""
    count = write_ratings(_ratings(company))
    publish_pairs(now=company.now)
    company.progress(f"  {count} ratings")


def _ratings(company: Company) -> Iterator[NewRating]:
    rng = company.rng("surveys.ratings")
    ids = list(
        Ticket.objects.filter(state__in=RATABLE_STATES)
        .order_by("number")
        .values_list("pk", flat=True)
    )
    for begin in range(0, len(ids), _AT_ONCE):
        chunk = ids[begin : begin + _AT_ONCE]
        workers = workers_of(chunk)
        late = _lateness(chunk)
        yield from _of_tickets(company, rng, chunk, workers, late)
        yield from _of_legs(company, rng, chunk, workers, late)


def _lateness(tickets: list[int]) -> dict[tuple[int, int | None], float]:
    """Return by how much of its promise each request (leg None) and leg was late; 0: kept."""
    found: dict[tuple[int, int | None], float] = {}
    clocks = Clock.objects.filter(
        ticket__in=tickets,
        metric__in=("end_to_end", "leg_delivery"),
        state__in=(ClockState.MET, ClockState.BREACHED),
    )
    for ticket, leg, metric, late, target in clocks.values_list(
        "ticket_id", "leg_id", "metric", "late_seconds", "target_seconds"
    ):
        if (leg is None) == (metric == "end_to_end"):
            found[ticket, leg] = late / target
    return found


def _of_tickets(
    company: Company,
    rng: random.Random,
    tickets: list[int],
    workers: dict[int, Workers],
    late: dict[tuple[int, int | None], float],
) -> Iterator[NewRating]:
    staff: Staff = company.shared["staff"]
    left = {staff[number].pk for number in _LEFT_TO_RATE}
    recent = company.until - timedelta(days=_LEFT_DAYS)
    english = {member.pk for member in staff.members if member.english}
    leading = dict(
        Leg.objects.filter(ticket__in=tickets, is_lead=True).values_list("ticket_id", "supplier_id")
    )
    for ticket in Ticket.objects.filter(pk__in=tickets).order_by("number"):
        at = _moment(rng, ticket.closed_at or ticket.resolved_at)
        rated = rng.random() < _RATED and at is not None and at < company.until
        own = ticket.requester_id in workers[ticket.pk].everybody
        waits = ticket.requester_id in left and ticket.submitted_at > recent
        if at is None or not rated or own or waits:
            continue
        worse = min(ticket.reopen_count, 1)
        score = _score(
            rng, staff.serial_of(ticket.requester_id), late.get((ticket.pk, None), 0.0), worse
        )
        yield NewRating(
            ticket_id=ticket.pk,
            rater_id=ticket.requester_id,
            supplier_id=leading[ticket.pk],
            customer_id=ticket.customer_id,
            score=score,
            rated_at=at,
            reasons=_reasons(rng, score),
            comment=_comment(rng, score, english=ticket.requester_id in english),
        )


def _of_legs(
    company: Company,
    rng: random.Random,
    tickets: list[int],
    workers: dict[int, Workers],
    late: dict[tuple[int, int | None], float],
) -> Iterator[NewRating]:
    staff: Staff = company.shared["staff"]
    confirmed = TicketEvent.objects.filter(
        ticket__in=tickets, kind=EventKind.LEG_CONFIRMED, by__isnull=False
    ).values_list("ticket_id", "leg_no", "by_id", "at")
    who = {(ticket, no): (by, at) for ticket, no, by, at in confirmed}
    legs = Leg.objects.filter(
        ticket__in=tickets, state=LegState.CONFIRMED, is_lead=False, parent_no__isnull=False
    )
    for leg in legs.order_by("ticket__number", "no"):
        by, confirmed_at = who.get((leg.ticket_id, leg.no), (None, None))
        at = _moment(rng, confirmed_at)
        rated = rng.random() < _LEG_RATED
        if by is None or at is None or not rated or at >= company.until:
            continue
        if by in workers[leg.ticket_id].on_leg(leg.no):
            continue
        score = _score(
            rng,
            staff.serial_of(by),
            late.get((leg.ticket_id, leg.pk), 0.0),
            min(leg.rework_count, 1),
        )
        yield NewRating(
            ticket_id=leg.ticket_id,
            leg_id=leg.pk,
            rater_id=by,
            supplier_id=leg.supplier_id,
            customer_id=leg.customer_id,
            score=score,
            rated_at=at,
            reasons=_reasons(rng, score),
            comment=_comment(rng, score, english=False),
        )


def _moment(rng: random.Random, after: datetime | None) -> datetime | None:
    """Return when somebody rates: mostly right after the confirmation."""
    if after is None:
        return None
    minutes = rng.uniform(0.3, 8) if rng.random() < 0.7 else rng.uniform(30, 1500)  # noqa: PLR2004
    return after + timedelta(seconds=int(minutes * 60))


def _score(rng: random.Random, rater: int, late: float, worse: int) -> int:
    """Draw a score; some people are always a little more severe, others milder."""
    weights = _KEPT if late <= 0 else _LATE if late < 0.5 else _VERY_LATE  # noqa: PLR2004
    score = rng.choices((1, 2, 3, 4, 5), weights)[0] - worse
    taste = rater * 31 % 10
    if taste == 0 and rng.random() < 0.5:  # noqa: PLR2004
        score -= 1
    elif taste >= 8 and rng.random() < 0.5:  # noqa: PLR2004
        score += 1
    return min(max(score, 1), 5)


def _reasons(rng: random.Random, score: int) -> list[str]:
    """Draw what was good, or what was not: lateness shows as speed."""
    if rng.random() < 0.4:  # noqa: PLR2004
        return []
    weights = (5, 4, 2, 3, 2) if score >= SATISFIED else (6, 3, 3, 1, 2)
    drawn = rng.choices(RatingReason.values, weights, k=rng.choice((1, 1, 2)))
    return [each for each in RatingReason.values if each in drawn]


def _comment(rng: random.Random, score: int, *, english: bool) -> str:
    if rng.random() >= _COMMENTED:
        return ""
    return rng.choice(_COMMENTS[score][english])
