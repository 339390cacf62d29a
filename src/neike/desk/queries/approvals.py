"""Approvals and tasks: those of a request, those that wait for somebody, and votes nobody can give any more."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from neike.catalog.choices import TargetMetric
from neike.catalog.models import StandardStep
from neike.desk.choices import OPEN_TICKET_STATES, ApprovalState, ClockState, TaskState, Vote
from neike.desk.models import Approval, ApprovalVote, Clock, Task, Ticket
from neike.desk.policies import Standing
from neike.desk.queries.access import tickets_visible_to
from neike.desk.queries.queues import COUNT_CAP
from neike.org import queries as org_queries
from neike.org.choices import SubstitutionScope
from neike.org.models import Person

LATELY: Final = timedelta(days=30)
MOST: Final = 500


def approvals_of(ticket: Ticket) -> list[Approval]:
    """Return the approvals of a request in order, each with its votes in the order of asking; two queries."""
    votes = ApprovalVote.objects.select_related("person", "decided_by").order_by("pk")
    return list(ticket.approvals.prefetch_related(Prefetch("votes", votes)).order_by("no"))


def approvals_visible_to(who: Standing) -> QuerySet[Approval]:
    """Return the approvals of the requests somebody may read."""
    return Approval.objects.filter(ticket__in=tickets_visible_to(who).order_by().values("pk"))


def votes_waiting_for(who: Standing) -> QuerySet[ApprovalVote]:
    """Return the votes somebody can give now, for themselves or for whom they stand in; asked first in front."""
    return (
        ApprovalVote.objects.filter(
            person__in=who.approves_for, vote=Vote.OPEN, approval__state=ApprovalState.OPEN
        )
        .exclude(approval__ticket__requester=who.person_id)
        .order_by("approval__asked_at", "pk")
    )


def count_waiting_for_approval(who: Standing) -> int:
    """Return how many approvals wait for somebody's decision, capped; one query."""
    votes = votes_waiting_for(who).order_by().values("approval").distinct()
    return votes[: COUNT_CAP + 1].count()


def with_request(votes: QuerySet[ApprovalVote]) -> QuerySet[ApprovalVote]:
    """Load what a card shows beside the vote: its approval with all votes, the request, the plan's steps."""
    said = ApprovalVote.objects.select_related("person", "decided_by").order_by("pk")
    steps = StandardStep.objects.filter(automatic=True).order_by("order")
    return votes.select_related(
        "person",
        "decided_by",
        "approval__ticket__requester",
        "approval__ticket__service",
        "approval__ticket__form",
        "approval__ticket__standard__calendar",
    ).prefetch_related(
        Prefetch("approval__votes", said),
        Prefetch("approval__ticket__standard__steps", steps),
        "approval__ticket__standard__calendar__years",
    )


def decided_lately(who: Standing, *, now: datetime) -> QuerySet[ApprovalVote]:
    """Return what somebody decided in the last 30 days, the latest first; only what they may still read."""
    mine = Q(decided_by=who.person_id) | Q(person=who.person_id)
    return (
        ApprovalVote.objects.filter(mine, decided_at__gte=now - LATELY)
        .exclude(vote=Vote.OPEN)
        .order_by("-decided_at", "-pk")
    )


def was_ever_asked(who: Standing) -> bool:
    """Tell whether somebody, or whom they stand in for, was ever asked to approve; one query."""
    own = ApprovalVote.objects.filter(person=who.person_id).values("pk")
    absent = ApprovalVote.objects.filter(person__in=who.absent_approvers).values("pk")
    return own.union(
        absent, all=True
    ).exists()  # each by its index; joined by "or" neither would be


def approver_clocks(approvals: Collection[Approval]) -> Mapping[tuple[int, int], Clock]:
    """Return the approvers' own clocks by (request, number of the approval); two queries."""
    clocks = (
        Clock.objects.filter(
            ticket__in={each.ticket_id for each in approvals},
            leg__isnull=True,
            metric=TargetMetric.APPROVAL,
        )
        .exclude(state=ClockState.VOID)
        .select_related("calendar")
        .prefetch_related("calendar__years")
    )
    return {(clock.ticket_id, clock.cycle): clock for clock in clocks}


def open_approvers(tickets: Collection[int]) -> Mapping[int, list[str]]:
    """Return the names of those whose decision some requests (ids) wait for; one query."""
    found: dict[int, list[str]] = {}
    votes = ApprovalVote.objects.filter(
        approval__ticket__in=tickets, approval__state=ApprovalState.OPEN, vote=Vote.OPEN
    ).order_by("approval__no", "pk")
    for ticket, name in votes.values_list("approval__ticket_id", "person__name"):
        names = found.setdefault(ticket, [])
        if name not in names:
            names.append(name)
    return found


def asked_people(approval: Approval, *, now: datetime) -> list[Person]:
    """Return who can decide an open approval now: those asked who have not, and who stands in for them."""
    votes = approval.votes.filter(vote=Vote.OPEN).select_related("person").order_by("pk")
    found: dict[int, Person] = {}
    for vote in votes:
        found.setdefault(vote.person_id, vote.person)
        scope = SubstitutionScope.APPROVE
        for substitute in org_queries.substitutes_of(vote.person, now=now, scope=scope):
            if substitute.pk != approval.ticket.requester_id:
                found.setdefault(substitute.pk, substitute)
    return list(found.values())


def votes_of_people_gone(*, on: date) -> QuerySet[ApprovalVote]:
    """Return open votes of people who cannot decide any more: no access, left or erased; at most 500."""
    gone = Q(person__can_sign_in=False) | Q(person__left_on__lte=on)
    gone |= Q(person__erased_at__isnull=False)
    waiting = ApprovalVote.objects.filter(
        gone,
        vote=Vote.OPEN,
        approval__state=ApprovalState.OPEN,
        approval__ticket__state__in=OPEN_TICKET_STATES,
    )
    return waiting.order_by("pk")[:MOST]


def tasks_of(ticket: Ticket) -> list[Task]:
    """Return the tasks of a request in order; one query."""
    return list(ticket.tasks.select_related("assignee", "department").order_by("no"))


def tasks_waiting_for(who: Standing) -> QuerySet[Task]:
    """Return the open tasks in somebody's hands, or in those of whom they stand in for; oldest first."""
    return (
        Task.objects.filter(assignee__in=who.acting_for, state=TaskState.OPEN)
        .filter(ticket__state__in=OPEN_TICKET_STATES)
        .order_by("opened_at", "pk")
    )
