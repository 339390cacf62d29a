"""What a person is at the desk: the departments served and led, whom one stands in for, and what follows for requests."""

from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from neike.catalog import policies as catalog_policies
from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk.models import ApprovalVote, Leg, Participant, Task
from neike.kernel.memory import Memo
from neike.kernel.policies import PUBLIC, SIGNED_IN, declare
from neike.org import queries as org_queries
from neike.org.choices import Role, SubstitutionScope
from neike.org.models import Department, DepartmentAncestry, Person

USE = declare("desk.use", SIGNED_IN)


MAILED_LINK = declare("desk.mailed_link", PUBLIC)


class Standing:
    """What a person is in the organisation at a moment, for the desk; looked up when first asked, then kept.

    Keep one no longer than one request or action.
    """

    def __init__(self, person: Person, *, now: datetime) -> None:
        self._person, self.now = person, now
        self.person_id: int = person.pk
        self.may_read: set[int] = set()
        """The ids of requests that were found to be theirs to read."""

    @cached_property
    def on(self) -> date:
        """The day in the organisation's zone."""
        return org_queries.organisation_day(self.now)

    @cached_property
    def _absent(self) -> list[tuple[int, str]]:
        return org_queries.stood_in_for(self._person, now=self.now)

    def _acting(self, scope: SubstitutionScope) -> frozenset[int]:
        scopes = (scope, SubstitutionScope.BOTH)
        return frozenset(pk for pk, found in self._absent if found in scopes) | {self.person_id}

    @cached_property
    def acting_for(self) -> frozenset[int]:
        """The person and those they stand in for at work."""
        return self._acting(SubstitutionScope.WORK)

    @cached_property
    def approves_for(self) -> frozenset[int]:
        """The person and those they stand in for as approver."""
        return self._acting(SubstitutionScope.APPROVE)

    @property
    def absent_approvers(self) -> QuerySet[Person]:
        """Those they stand in for as approver, to be looked up inside another query."""
        scope = SubstitutionScope.APPROVE
        return org_queries.stands_in_for(self._person, now=self.now, scope=scope)

    @cached_property
    def serves(self) -> frozenset[int]:
        """The departments whose queue they work."""
        return org_queries.ids_served_by(self._person, on=self.on)

    @cached_property
    def leads(self) -> frozenset[int]:
        """The departments they lead, with all below."""
        return org_queries.ids_led_by(self._person, on=self.on) if self.heads else self.heads

    @cached_property
    def _held(self) -> org_queries.Held:
        return org_queries.held_by(self._person, on=self.on)

    @cached_property
    def heads(self) -> frozenset[int]:
        """The departments they lead themselves."""
        return self._held.heads

    @cached_property
    def owns(self) -> frozenset[int]:
        """The services they own, by name or by grant."""
        named = [each.service for each in self._held.of(Role.SERVICE_OWNER) if each.service]
        return catalog_queries.owned_by(self.person_id) | catalog_queries.ids_of(named)

    @cached_property
    def surroundings(self) -> frozenset[str]:
        """The public ids of the departments they work in and of all above them: what audiences are held against."""
        return catalog_policies.surroundings_of(self._person, on=self.on)

    @cached_property
    def writes_for(self) -> frozenset[int]:
        """The departments whose knowledge they write: served, led, or of services they own."""
        granted = self._held.of(Role.SERVICE_OWNER)
        if any(each.everywhere for each in granted):
            return _ids(Department.objects.all())
        found = self.serves | self.leads
        if self.owns:
            owned = Service.objects.filter(pk__in=self.owns)
            found |= frozenset(owned.values_list("department", flat=True))
        above = [each.department_id for each in granted if each.department_id]
        if above:
            lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=self.on)
            below = DepartmentAncestry.objects.filter(
                lasting, valid_from__lte=self.on, ancestor__in=above
            )
            found |= frozenset(below.values_list("descendant", flat=True))
        return found

    @cached_property
    def closed_services(self) -> frozenset[int]:
        """The confidential services with an audience that they are outside of."""
        limited = Service.objects.filter(confidential=True).exclude(audience={})
        return frozenset(
            each.pk
            for each in limited.select_related("department")
            if not catalog_policies.in_audience(each, self.surroundings)
        )

    @cached_property
    def owning_departments(self) -> frozenset[int]:
        """The departments whose services they own."""
        rows = Service.objects.filter(pk__in=self.owns)
        return frozenset(rows.values_list("department_id", flat=True)) if self.owns else self.owns

    @cached_property
    def administers(self) -> bool:
        """Whether they are system administrator."""
        return bool(self._held.of(Role.ADMINISTRATOR))

    @cached_property
    def readable(self) -> Q:
        """The condition on `Ticket` for what they may read; see `readable_by`."""
        return _readable(self)

    def works_on(self, leg: Leg) -> bool:
        """Whether the leg is theirs: assigned to them or to whom they stand in for."""
        if leg.assignee_id is None:
            return False
        return leg.assignee_id == self.person_id or leg.assignee_id in self.acting_for

    def serves_in(self, department_id: int) -> bool:
        """Whether they work the queue of the department, or lead it."""
        return department_id in self.serves or department_id in self.leads


_memo: Memo[int, Standing] = Memo("standings")


def remembered() -> AbstractContextManager[None]:
    """Look each person up once inside the block: for one request that changes nothing, never for longer."""
    return _memo.kept()


def standing(person: Person, *, now: datetime) -> Standing:
    """Return what a person is at this moment; while a page is only read, at the moment first asked about."""
    return _memo.get(person.pk, lambda: Standing(person, now=now))


def _ids(rows: QuerySet[Any]) -> frozenset[int]:
    return frozenset(rows.values_list("pk", flat=True))


def _readable(who: Standing) -> Q:
    legs = Leg.objects.filter(ticket=OuterRef("pk"))
    own = Q(requester=who.person_id) | Q(raised_by=who.person_id)
    follows = Participant.objects.filter(ticket=OuterRef("pk"), person=who.person_id)
    asked = ApprovalVote.objects.filter(
        approval__ticket=OuterRef("pk"), person__in=who.approves_for
    )
    tasks = Task.objects.filter(ticket=OuterRef("pk"))
    named = own | Q(Exists(follows)) | Q(Exists(legs.filter(assignee__in=who.acting_for)))
    named |= Q(Exists(asked)) | Q(Exists(tasks.filter(assignee__in=who.acting_for)))
    if who.heads:
        named |= Q(Exists(legs.filter(supplier__in=who.heads)))
    shared = Q(customer__in=who.leads) | Q(service__in=who.owns)
    if who.serves or who.leads:
        served = who.serves | who.leads
        shared |= Q(Exists(legs.filter(supplier__in=served)))
        shared |= Q(Exists(tasks.filter(department__in=served)))
    return named | (Q(confidential=False) & shared)
