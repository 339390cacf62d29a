"""Whom a plan means when it says who approves."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from neike.catalog.choices import ApproverRule
from neike.desk.models import Ticket
from neike.org import queries as org_queries
from neike.org.models import Department, Person, Placement


def approvers(
    ticket: Ticket, rules: Iterable[Mapping[str, str]], *, on: date
) -> tuple[Person, ...]:
    """Return the people whom the rules name on a day, each once, in the rules' order; never the requester.

    Who approves their own request is replaced by whom they report to, and so is who has left. A rule that names
    nobody (no manager, an empty post) falls back on the head of the requester's department or of the nearest one
    above. Empty only if the whole organisation has no head but the requester.
    """
    found: dict[int, Person] = {}
    for rule in rules:
        named = _named(ticket, rule, on=on) or _head(ticket.customer_id, ticket, on=on)
        for person in named:
            able = _able(person, ticket, on=on)
            if able is not None:
                found.setdefault(able.pk, able)
    return tuple(found.values())


def replacement_of(person: Person, ticket: Ticket, *, on: date) -> Person | None:
    """Return who decides for an approver who cannot any more: whom they reported to, else a lead of the requester.

    Of the leads of the requester's department, then of each above it, the first who can decide; None when there
    is nobody.
    """
    able = _able(person, ticket, on=on)
    if able is not None:
        return able
    chart = org_queries.chart(on=on)
    above = (ticket.customer_id, *chart.ancestors(ticket.customer_id))
    found = [chart.get(each) for each in above]
    ids = [leader.person_id for each in found if each is not None for leader in each.leaders]
    people = Person.objects.in_bulk(ids)
    leads = (people[each] for each in ids if each not in {person.pk, ticket.requester_id})
    return next((each for each in leads if can_decide(each, on=on)), None)


def _named(ticket: Ticket, rule: Mapping[str, str], *, on: date) -> list[Person]:
    match rule.get("by"):
        case ApproverRule.MANAGER:
            manager = org_queries.manager_of(ticket.requester, on=on)
            return [manager] if manager else []
        case ApproverRule.DEPARTMENT_LEAD:
            department = ticket.customer_id
            if rule.get("department"):
                department = (
                    Department.objects.filter(public_id=UUID(rule["department"]))
                    .values_list("pk", flat=True)
                    .first()
                    or department
                )
            return _head(department, ticket, on=on)
        case ApproverRule.POSITION:
            held = Placement.objects.filter(
                org_queries.on_day(on), position__public_id=UUID(rule["position"])
            )
            return list(Person.objects.filter(pk__in=held.values("person")).order_by("pk"))
        case ApproverRule.PERSON:
            return list(Person.objects.filter(public_id=UUID(rule["person"])))
    return []


def _head(department_id: int, ticket: Ticket, *, on: date) -> list[Person]:
    head = org_queries.chart(on=on).manager_of(department_id, ticket.requester_id)
    return list(Person.objects.filter(pk=head.person_id)) if head else []


def can_decide(person: Person, *, on: date) -> bool:
    """Tell whether somebody can still sign in and has not left by that day."""
    stays = person.left_on is None or person.left_on > on
    return person.can_sign_in and person.erased_at is None and stays


def _able(person: Person, ticket: Ticket, *, on: date) -> Person | None:
    """Return the person, or up the line the first who is not the requester and can decide."""
    seen: set[int] = set()
    at: Person | None = person
    while at is not None and at.pk not in seen:
        seen.add(at.pk)
        if can_decide(at, on=on) and at.pk != ticket.requester_id:
            return at
        at = org_queries.manager_of(at, on=on)
    return None
