"""Quality checks: what was delivered, who may look at it, what they found."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from neike.catalog.models import Service
from neike.desk.choices import QualityVerdict, TicketState
from neike.desk.models import Leg, QualityCheck, QualityFinding, QualityPlan, Segment, Ticket
from neike.desk.policies import Standing
from neike.engines.shares import Share, wilson
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.periods import Period, PeriodKind
from neike.org.queries.structure import leads_of

FEWEST: Final = 5
"""Others than those who serve are told a share from so many checked requests on, as with ratings."""
_DELIVERED: Final = (TicketState.RESOLVED, TicketState.CLOSED)


@dataclass(frozen=True, slots=True)
class CriterionShare:
    """How often one criterion was met, of the checks to which it applied."""

    text: LocalizedText
    met: Share | None


@dataclass(frozen=True, slots=True)
class Quality:
    """The checks of a span of time: passed of those done, and how many are still open."""

    passed: Share | None
    open: int


def path_of(check: QualityCheck) -> str:
    """Return where a check's page is."""
    return reverse("desk:quality_check", args=[check.public_id])


def delivered(service_id: int, month: date) -> QuerySet[Ticket]:
    """Return what a sample is drawn from: requests delivered in a month, not confidential, with criteria to check."""
    span = _month(month)
    return Ticket.objects.filter(
        service=service_id,
        state__in=_DELIVERED,
        resolved_at__gte=span.starts_at,
        resolved_at__lt=span.ends_at,
        confidential=False,
    ).exclude(standard__quality_criteria=[])


def _month(month: date) -> Period:
    return org_queries.period_of(month, PeriodKind.MONTH)


def to_draw(now: datetime) -> Iterator[tuple[QualityPlan, date]]:
    """Yield every plan with last month, if the plan held in it."""
    today = org_queries.organisation_day(now)
    month = _month(today).previous().start
    for plan in QualityPlan.objects.filter(since__lte=month).select_related("service"):
        yield plan, month


def workers(ticket: Ticket) -> frozenset[int]:
    """Return who did any of the work on a request, and for whom: they never check it."""
    held = Segment.objects.filter(leg__ticket=ticket, person__isnull=False)
    legs = Leg.objects.filter(ticket=ticket, assignee__isnull=False)
    acted = ticket.events.filter(by__isnull=False)
    return frozenset(
        {
            ticket.requester_id,
            ticket.raised_by_id,
            *held.values_list("person_id", flat=True),
            *legs.values_list("assignee_id", flat=True),
            *acted.values_list("by_id", flat=True),
        }
    )


def checker_for(ticket: Ticket, *, now: datetime) -> Person | None:
    """Return who checks a request: of the service's owner and the heads of who served, the one with the least to check."""
    today = org_queries.organisation_day(now)
    heads = leads_of(ticket.supplier, on=today).filter(valid_from__lte=today)
    named = {*heads.values_list("person_id", flat=True), ticket.service.owner_id}
    able = {each for each in named if each is not None} - workers(ticket)
    people = Person.objects.filter(pk__in=able, left_on__isnull=True, erased_at__isnull=True)
    waiting = Counter(
        QualityCheck.objects.filter(checker__in=able, done_at__isnull=True).values_list(
            "checker_id", flat=True
        )
    )
    return min(people, key=lambda person: (waiting[person.pk], person.pk), default=None)


def checks_visible_to(who: Standing) -> QuerySet[QualityCheck]:
    """Return the checks given to a person, and those of departments they lead and services they own."""
    mine = Q(checker__in=who.acting_for)
    return QualityCheck.objects.filter(
        mine | Q(department__in=who.leads) | Q(ticket__service__in=who.owns)
    )


def checks_waiting_for(who: Standing) -> QuerySet[QualityCheck]:
    """Return the checks a person is to do, the oldest first."""
    found = QualityCheck.objects.filter(checker__in=who.acting_for, done_at__isnull=True)
    return found.select_related("ticket__service", "draw").order_by("draw__month", "pk")


def may_be_told(who: Standing, service: Service) -> bool:
    """Whether a person is told everything about a service's checks: they serve it, lead or own it."""
    return (
        who.serves_in(service.department_id)
        or service.department_id in who.leads
        or service.pk in who.owns
    )


def quality_of(service: Service, period: Period) -> Quality:
    """Return what the checks of a period's deliveries found; one query."""
    return _quality(QualityCheck.objects.filter(draw__service=service), period)


def quality_of_department(department_id: int, period: Period) -> Quality:
    """Return what the checks of a department's deliveries in a period found; one query."""
    return _quality(QualityCheck.objects.filter(department=department_id), period)


def _quality(checks: QuerySet[QualityCheck], period: Period) -> Quality:
    found = checks.filter(draw__month__gte=period.start, draw__month__lt=period.end).aggregate(
        hits=Count("pk", filter=Q(passed=True)),
        misses=Count("pk", filter=Q(passed=False)),
        waiting=Count("pk", filter=Q(done_at__isnull=True)),
    )
    return Quality(wilson(found["hits"], found["hits"] + found["misses"]), found["waiting"])


def criteria_of(service: Service, first: Period, *, until: Period) -> list[CriterionShare]:
    """Return how often each criterion was met from one period to another, the last included; one query.

    Criteria are told apart by their words, which may differ between versions of the standard.
    """
    rows = QualityFinding.objects.filter(
        check_of__draw__service=service,
        check_of__draw__month__gte=first.start,
        check_of__draw__month__lt=until.end,
    ).exclude(verdict=QualityVerdict.NOT_APPLICABLE)
    counts: dict[str, list[int]] = {}
    texts: dict[str, LocalizedText] = {}
    for criteria, position, verdict in rows.values_list(
        "check_of__ticket__standard__quality_criteria", "position", "verdict"
    ):
        text = LocalizedText.from_json(criteria[position])
        key = repr(criteria[position])
        texts[key] = text
        sums = counts.setdefault(key, [0, 0])
        sums[0] += verdict == QualityVerdict.PASS
        sums[1] += 1
    return [CriterionShare(texts[key], wilson(*sums)) for key, sums in counts.items()]
