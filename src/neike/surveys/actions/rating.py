"""Rate a request or a leg, or change one's own rating."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from neike.desk import policies as desk_policies
from neike.desk.models import Leg, Ticket
from neike.kernel import audit, outbox
from neike.kernel.policies import require
from neike.org.models import Person
from neike.surveys import policies
from neike.surveys.actions.errors import (
    CommentTooLongError,
    RatingFixedError,
    RatingTooLateError,
    UnknownReasonError,
    WrongScoreError,
)
from neike.surveys.choices import RatingReason, Score
from neike.surveys.events import LegRated, TicketRated
from neike.surveys.models import Rating
from neike.surveys.terms import CHANGE_WITHIN, COMMENT_LIMIT, RATE_WITHIN


@dataclass(frozen=True, slots=True)
class _Said:
    """What a rating says, checked."""

    score: int
    reasons: list[str]
    comment: str


@transaction.atomic
def rate_ticket(
    *,
    ticket: Ticket,
    by: Person,
    score: int,
    now: datetime,
    reasons: Iterable[str] = (),
    comment: str = "",
) -> Rating:
    """Rate a resolved request as its requester, or change one's rating; the department that led it is rated.

    Saying the same again changes nothing.

    Raises:
        PermissionDenied: `by` is not the requester, it is not resolved, or `by` worked on it.
        WrongScoreError, UnknownReasonError, CommentTooLongError: what was said is not a rating.
        RatingTooLateError: it was resolved more than 30 days ago.
        RatingFixedError: it was rated more than 7 days ago.
    """
    said = _checked(score, reasons, comment)
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    require(policies.may_rate_ticket(desk_policies.standing(by, now=now), ticket))
    rating = Rating.objects.filter(ticket=ticket, leg=None, rater=by).first()
    if rating is None:
        supplier = ticket.legs.get(is_lead=True).supplier_id
        rating = Rating(ticket=ticket, supplier_id=supplier, customer_id=ticket.customer_id)
    return _save(rating, said, by=by, ended_at=ticket.resolved_at, now=now)


@transaction.atomic
def rate_leg(
    *,
    leg: Leg,
    by: Person,
    score: int,
    now: datetime,
    reasons: Iterable[str] = (),
    comment: str = "",
) -> Rating:
    """Rate a confirmed leg for the department that handed it over, or change one's rating.

    Saying the same again changes nothing.

    Raises:
        PermissionDenied: `by` did not take part for the sending department, it is not confirmed, or `by` worked on it.
        WrongScoreError, UnknownReasonError, CommentTooLongError: what was said is not a rating.
        RatingTooLateError: it was confirmed more than 30 days ago.
        RatingFixedError: it was rated more than 7 days ago.
    """
    said = _checked(score, reasons, comment)
    ticket = Ticket.objects.select_for_update().get(pk=leg.ticket_id)
    leg = ticket.legs.get(pk=leg.pk)
    require(policies.may_rate_leg(desk_policies.standing(by, now=now), leg))
    rating = Rating.objects.filter(leg=leg, rater=by).first()
    if rating is None:
        rating = Rating(
            ticket=ticket, leg=leg, supplier_id=leg.supplier_id, customer_id=leg.customer_id
        )
    return _save(rating, said, by=by, ended_at=leg.confirmed_at, now=now)


def _checked(score: object, reasons: Iterable[str], comment: str) -> _Said:
    if isinstance(score, bool) or not isinstance(score, int) or score not in Score.values:
        raise WrongScoreError
    given = set(reasons)
    if not given <= set(RatingReason.values):
        raise UnknownReasonError
    text = comment.replace("\x00", "").strip()
    if len(text) > COMMENT_LIMIT:
        raise CommentTooLongError
    return _Said(int(score), [reason for reason in RatingReason.values if reason in given], text)


def _save(
    rating: Rating, said: _Said, *, by: Person, ended_at: datetime | None, now: datetime
) -> Rating:
    """Write what was said, unless it stands there already."""
    before = _said_by(rating)
    if before == said:
        return rating
    if before is None:
        if ended_at is None or now > ended_at + RATE_WITHIN:
            raise RatingTooLateError
        rating.rater, rating.rated_at = by, now
    else:
        if now > rating.rated_at + CHANGE_WITHIN:
            raise RatingFixedError
        rating.version += 1
        rating.changed_at = max(now, rating.rated_at)
    rating.score, rating.reasons, rating.comment = said.score, said.reasons, said.comment
    rating.save()
    _record(rating, before, said, by=by, now=now)
    _announce(rating, now=now)
    return rating


def _said_by(rating: Rating) -> _Said | None:
    """Return what a stored rating says; None of a new one."""
    if rating._state.adding:  # noqa: SLF001 - the framework documents it
        return None
    return _Said(rating.score, rating.reasons, rating.comment)


def _record(
    rating: Rating, before: _Said | None, said: _Said, *, by: Person, now: datetime
) -> None:
    """Keep that somebody rated and what they changed; never what they said: auditors are not one of the two sides."""
    fields = ("score", "reasons", "comment")
    changed = [
        name for name in fields if before is None or getattr(before, name) != getattr(said, name)
    ]
    audit.record(
        action="surveys.rated" if before is None else "surveys.rating_changed",
        subject=rating,
        by=by,
        before={"version": rating.version - 1 or None},
        after={"version": rating.version, "said": changed},
        now=now,
    )


def _announce(rating: Rating, *, now: datetime) -> None:
    common: dict[str, Any] = {
        "rating_id": rating.pk,
        "ticket_id": rating.ticket_id,
        "version": rating.version,
        "at": now,
        "by_id": rating.rater_id,
    }
    event = (
        TicketRated(**common) if rating.leg_id is None else LegRated(leg_id=rating.leg_id, **common)
    )
    outbox.announce(event, aggregate=f"ticket:{rating.ticket_id}", now=now)
