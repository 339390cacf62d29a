"""What a person is in the organisation at a moment, for relations: whom they act for, where they belong."""

from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q

from neike.kernel.memory import Memo
from neike.org import queries as org_queries
from neike.org.choices import Role, SubstitutionScope
from neike.org.models import Person, Placement
from neike.relations.choices import RelationLevel, Side
from neike.relations.models import ServiceRelation

BOTH_SIDES = (Side.PROVIDER, Side.CUSTOMER)


class Standing:
    """Looked up when first asked, then kept; keep one no longer than one request or action."""

    def __init__(self, person: Person, *, now: datetime) -> None:
        self.person, self._now = person, now
        self.person_id: int = person.pk

    @cached_property
    def on(self) -> date:
        """The day in the organisation's zone."""
        return org_queries.organisation_day(self._now)

    @cached_property
    def held(self) -> org_queries.Held:
        """Every role they hold, and which departments they lead themselves."""
        return org_queries.held_by(self.person, on=self.on)

    @cached_property
    def leads(self) -> frozenset[int]:
        """The departments they lead or deputise in, with all below."""
        if not self.held.heads:
            return frozenset()
        return org_queries.ids_led_by(self.person, on=self.on)

    @cached_property
    def answers_for(self) -> frozenset[int]:
        """Of the departments they lead, those that nobody nearer leads."""
        chart = org_queries.chart(on=self.on)

        def is_nearest(department_id: int) -> bool:
            for each in (department_id, *chart.ancestors(department_id)):
                leaders = chart.leaders(each)
                if leaders:
                    return any(leader.person_id == self.person_id for leader in leaders)
            return False

        return frozenset(each for each in self.leads if is_nearest(each))

    @cached_property
    def works_in(self) -> frozenset[int]:
        """The departments they are placed in, or serve as agents by a grant on them or above.

        A grant for the whole organisation makes nobody a member of every department.
        """
        if any(each.everywhere for each in self.held.of(Role.AGENT)):
            return self._placed
        return org_queries.ids_served_by(self.person, on=self.on)

    @cached_property
    def belongs(self) -> frozenset[int]:
        """The departments they work in or lead."""
        return self.works_in | self.leads

    @cached_property
    def posts(self) -> frozenset[int]:
        """The positions they hold, or whose holders they stand in for at work."""
        absent = org_queries.stands_in_for(self.person, now=self._now, scope=SubstitutionScope.WORK)
        people = {self.person_id, *absent.values_list("pk", flat=True)}
        rows = Placement.objects.filter(holds_on(self.on), person__in=people)
        return frozenset(rows.values_list("position_id", flat=True))

    @cached_property
    def _placed(self) -> frozenset[int]:
        rows = Placement.objects.filter(holds_on(self.on), person=self.person_id)
        return frozenset(rows.values_list("department_id", flat=True))

    def acts_for(self, relation: ServiceRelation, side: str) -> bool:
        """Whether they speak for that end: its lead, the holder of the position (or a lead there), the person."""
        end = relation.end_id(side)
        if relation.level == RelationLevel.DEPARTMENT:
            return end in self.leads
        if relation.level == RelationLevel.PERSON:
            return end == self.person_id
        return (
            end in self.posts or getattr(relation, f"{side}_position").department_id in self.leads
        )

    def is_of(self, relation: ServiceRelation, side: str) -> bool:
        """Whether they are among the people of that end: who acts for it, and who works in the department."""
        if relation.level == RelationLevel.DEPARTMENT:
            return relation.end_id(side) in self.belongs
        return self.acts_for(relation, side)

    def sides_acted_for(self, relation: ServiceRelation) -> tuple[Side, ...]:
        """Return the ends they speak for, provider first; usually one or none."""
        return tuple(side for side in BOTH_SIDES if self.acts_for(relation, side))

    def sides_belonged_to(self, relation: ServiceRelation) -> tuple[Side, ...]:
        """Return the ends they are of, provider first."""
        return tuple(side for side in BOTH_SIDES if self.is_of(relation, side))


_memo: Memo[int, Standing] = Memo("relation standings")


def remembered() -> AbstractContextManager[None]:
    """Look each person up once inside the block: for one request that changes nothing, never for longer."""
    return _memo.kept()


def standing(person: Person, *, now: datetime) -> Standing:
    """Return what a person is at this moment; while a page is only read, at the moment first asked about."""
    return _memo.get(person.pk, lambda: Standing(person, now=now))


def holds_on(on: date) -> Q:
    """Match rows whose half-open dates contain the day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
