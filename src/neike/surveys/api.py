"""The API of ratings: the same actions, policies and numbers as the pages."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from neike.desk.models import Ticket
from neike.desk.queries import Cursor, page_of
from neike.desk.views.reading import Reader, leg_of, reader, ticket_of
from neike.engines.ratings import Summary
from neike.kernel.limits import Rate, take
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.periods import Period
from neike.org.queries import DepartmentOnDay, OrgChart
from neike.surveys import actions, display, policies, queries
from neike.surveys.choices import RatingReason
from neike.surveys.models import Rating
from neike.surveys.queries import Filters, Results
from neike.surveys.terms import COMMENT_LIMIT

router = Router(tags=["ratings"])

_PAGE = 50
_OFTEN = Rate.parse("60/m")
_NUMBER = Annotated[int, Field(ge=1, le=2**63 - 1)]
_LEG = Annotated[int, Field(ge=0, le=32_767)]
_TOO_LATE = (actions.RatingTooLateError, actions.RatingFixedError)


class RatingIn(Schema):
    """What one says: a score of 1 to 5, reasons, a comment."""

    model_config = ConfigDict(extra="forbid", strict=True)

    score: Annotated[int, Field(ge=1, le=5)]
    reasons: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=5)] = []
    comment: Annotated[str, StringConstraints(max_length=COMMENT_LIMIT)] = ""


class RatingOut(Schema):
    """A rating as one of the two sides reads it."""

    id: UUID
    request: str
    leg: int | None
    supplier: UUID | None
    customer: UUID | None
    rater: str
    is_own: bool
    score: int
    reasons: list[RatingReason]
    comment: str
    rated_at: AwareDatetime
    changed_at: AwareDatetime | None
    version: int


class RatingPage(Schema):
    """A part of a list, newest first; `next` continues it as `after`."""

    ratings: list[RatingOut]
    next: str | None


class Figures(Schema):
    """Ratings together; bounds are 95 % and absent where nothing tells the spread."""

    n: int
    raters: int
    mean: float
    low: float | None
    high: float | None
    satisfied: str


class CustomerFigures(Figures):
    """What one customer department said; without `customer`, smaller departments together."""

    customer: UUID | None


class SummaryOut(Schema):
    """What a department's ratings of a period say to the reader.

    `together` is null for nothing, too few and not yet alike. `counts[0]` is how often 1 was given.
    """

    period: str
    by_name: bool
    together: Figures | None
    by_customer: list[CustomerFigures]
    counts: list[int] | None


@router.put("/requests/R-{number}/rating", response=RatingOut, summary="Rate a request")
@policy("surveys.rate")
def rate_ticket(request: HttpRequest, number: _NUMBER, said: RatingIn) -> dict[str, Any]:
    """Rate a resolved request as its requester, or change one's rating within seven days."""
    who = _rater(request)
    ticket = ticket_of(who, number)
    try:
        rating = actions.rate_ticket(ticket=ticket, by=who.person, now=who.now, **said.model_dump())
    except actions.RatingError as refused:
        raise _problem(refused) from refused
    return _out(rating, ticket, who, org_queries.chart(on=who.who.on))


@router.put("/requests/R-{number}/legs/{no}/rating", response=RatingOut, summary="Rate a leg")
@policy("surveys.rate")
def rate_leg(request: HttpRequest, number: _NUMBER, no: _LEG, said: RatingIn) -> dict[str, Any]:
    """Rate a confirmed leg for the department that handed it over, or change one's rating within seven days."""
    who = _rater(request)
    ticket = ticket_of(who, number)
    leg = leg_of(ticket, no)
    try:
        rating = actions.rate_leg(leg=leg, by=who.person, now=who.now, **said.model_dump())
    except actions.RatingError as refused:
        raise _problem(refused) from refused
    return _out(rating, ticket, who, org_queries.chart(on=who.who.on))


@router.get("/departments/{public_id}/ratings", response=RatingPage, summary="Ratings by name")
@policy("surveys.ratings")
def named_ratings(
    request: HttpRequest, public_id: UUID, period: str = "", after: str = ""
) -> dict[str, Any]:
    """List what a department received, as far as it is named to the reader; others get their own ratings only."""
    who = reader(request)
    asked = _period(period, who)
    organisation, department = _department(public_id, asked, who)
    received = queries.ratings_visible_to(who.who).filter(supplier=department.id)
    page = page_of(
        queries.narrowed(received, Filters(period=asked)),
        field="rated_at",
        after=Cursor.parse(after),
        size=_PAGE,
        newest_first=True,
    )
    return {
        "ratings": [_out(rating, rating.ticket, who, organisation) for rating in page.rows],
        "next": str(page.following) if page.following else None,
    }


@router.get(
    "/departments/{public_id}/ratings/summary", response=SummaryOut, summary="Ratings together"
)
@policy("surveys.ratings")
def summary(request: HttpRequest, public_id: UUID, period: str = "") -> dict[str, Any]:
    """Return what a department's ratings say together: at once to its people, as published to everybody else."""
    who = reader(request)
    asked = _period(period, who)
    organisation, department = _department(public_id, asked, who)
    is_named = bool(policies.may_read_named(who.who, department.id))
    results = (
        queries.received(who.who, department.id, asked)
        if is_named
        else queries.published(department.id, asked, now=who.now)
    )
    return {
        "period": asked.key,
        "by_name": is_named,
        "together": _figures(results.summary, is_named=is_named) if results else None,
        "by_customer": _customers(results, organisation) if results else [],
        "counts": list(results.counts) if results and results.counts else None,
    }


def _rater(request: HttpRequest) -> Reader:
    """Return who wants to rate.

    Raises:
        HttpError: too often.
    """
    who = reader(request)
    key = f"person:{who.person.pk}"
    if not take(scope="surveys.rate", who=key, rate=_OFTEN, now=who.now):
        raise HttpError(429, "too many requests")
    return who


def _customers(results: Results, organisation: OrgChart) -> list[dict[str, Any]]:
    return [
        {
            "customer": _public_id(organisation, part.customer_id),
            **_figures(part.summary, is_named=results.is_named),
        }
        for part in results.by_customer
    ]


def _figures(found: Summary, *, is_named: bool) -> dict[str, Any]:
    """Return numbers to the digit that pages show: no more can be read from here than from there."""
    return {
        "n": found.n,
        "raters": found.raters,
        "mean": round(found.mean, 1),
        "low": None if found.low is None else round(found.low, 1),
        "high": None if found.high is None else round(found.high, 1),
        "satisfied": display.share_words(found, is_named=is_named),
    }


def _out(rating: Rating, ticket: Ticket, who: Reader, organisation: OrgChart) -> dict[str, Any]:
    return {
        "id": rating.public_id,
        "request": str(ticket),
        "leg": rating.leg.no if rating.leg else None,
        "supplier": _public_id(organisation, rating.supplier_id),
        "customer": _public_id(organisation, rating.customer_id),
        "rater": rating.rater.name,
        "is_own": rating.rater_id == who.person.pk,
        "score": rating.score,
        "reasons": rating.reasons,
        "comment": rating.comment,
        "rated_at": rating.rated_at,
        "changed_at": rating.changed_at,
        "version": rating.version,
    }


def _public_id(organisation: OrgChart, department_id: int | None) -> UUID | None:
    found = organisation.get(department_id)
    return found.public_id if found else None


def _period(key: str, who: Reader) -> Period:
    """Return the period named, else the running quarter.

    Raises:
        Http404: it names none.
    """
    if not key:
        return org_queries.current_quarter(who.now)
    try:
        found = org_queries.period_from_key(key)
        _ = found.starts_at, found.ends_at
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    return found


def _department(public_id: UUID, period: Period, who: Reader) -> tuple[OrgChart, DepartmentOnDay]:
    """Return a department as it was in the period, with the organisation of that time.

    Raises:
        Http404: there was none.
    """
    last = period.end.toordinal() - 1
    day = min(org_queries.organisation_day(who.now), type(period.end).fromordinal(last))
    organisation = org_queries.chart(on=day)
    found = next((each for each in organisation if each.public_id == public_id), None)
    if found is None:
        raise Http404
    return organisation, found


def _problem(refused: actions.RatingError) -> HttpError:
    return HttpError(409 if isinstance(refused, _TOO_LATE) else 422, str(refused))
