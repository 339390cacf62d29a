"""To whom people report on a day: their own line first, then the post above, then the leads of departments."""

from collections.abc import Collection, Mapping
from datetime import date

from neike.org.models import Person, Placement, PostTerm, ReportingLine
from neike.org.standing.chart import OrgChart, chart
from neike.org.standing.days import on_day


def manager_of(person: Person, *, on: date) -> Person | None:
    """Return to whom a person reports on a day, or None."""
    found = managers_of([person.pk], on=on).get(person.pk)
    return Person.objects.get(pk=found) if found else None


def managers_of(people: Collection[int], *, on: date) -> dict[int, int]:
    """Return person -> manager (ids) on a day, without people who report to nobody; the same five queries for all.

    First the person's own reporting line, then who holds the post that theirs reports to (over vacant posts upward),
    then the nearest lead of the department of their primary placement, or of one above.
    """
    lines = dict(
        ReportingLine.objects.filter(on_day(on), person__in=people).values_list(
            "person_id", "manager_id"
        )
    )
    posts = _Posts.on(on)
    organisation = chart(on=on)
    placed = Placement.objects.filter(on_day(on), person__in=people)
    for person, position, department in placed.order_by(
        "-is_primary", "valid_from", "pk"
    ).values_list("person_id", "position_id", "department_id"):
        if person not in lines:
            found = posts.boss(position, person) or _lead(organisation, department, person)
            # 0: the first placement says that there is nobody; a concurrent one is not asked.
            lines[person] = found or 0
    return {person: manager for person, manager in lines.items() if manager}


def direct_reports(person: Person, *, on: date) -> list[int]:
    """Return the ids of those with a reporting line to the person on a day, in the order of names."""
    rows = ReportingLine.objects.filter(on_day(on), manager=person)
    return list(rows.order_by("person__name_latin", "person").values_list("person_id", flat=True))


class _Posts:
    """The posts above posts on a day and who holds them."""

    def __init__(self, above: Mapping[int, int], holders: Mapping[int, int]) -> None:
        self.above = above
        self.holders = holders

    @classmethod
    def on(cls, on: date) -> "_Posts":
        terms = PostTerm.objects.filter(on_day(on), reports_to__isnull=False)
        above = dict(terms.values_list("position_id", "reports_to_id"))
        if not above:
            return cls({}, {})
        held = Placement.objects.filter(on_day(on), position__in=terms.values("reports_to"))
        # Of people who share a post the last written wins: the first placed.
        rows = held.order_by("-valid_from", "-pk").values_list("position_id", "person_id")
        return cls(above, dict(rows))

    def boss(self, position: int, person: int) -> int | None:
        """Return who holds the nearest post above that somebody else holds."""
        seen = {position}
        at = self.above.get(position)
        while at is not None and at not in seen:
            seen.add(at)
            holder = self.holders.get(at)
            if holder is not None and holder != person:
                return holder
            at = self.above.get(at)
        return None


def _lead(organisation: OrgChart, department: int, person: int) -> int | None:
    found = organisation.manager_of(department, person)
    return found.person_id if found else None
