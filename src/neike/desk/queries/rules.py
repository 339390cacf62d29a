"""Which rules there are, what they may touch, and the facts their conditions compare."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from neike.catalog.form_schema import minor_units
from neike.desk.choices import OPEN_TICKET_STATES
from neike.desk.models import Leg, Rule, RuleFiring, RuleVersion, Ticket
from neike.desk.policies import Standing
from neike.engines import rules as engine


def rules_visible_to(who: Standing) -> QuerySet[Rule]:
    """Return the rules a person may read: of departments they serve, lead or own a service of, and of the whole."""
    rules = Rule.objects.select_related("current", "department").order_by("order", "pk")
    if who.administers:
        return rules
    of_departments = Q(department__in=who.serves | who.leads | who.owning_departments)
    of_all = Q(department__isnull=True) if who.serves else Q(pk__in=())
    return rules.filter(of_departments | of_all)


def firings_visible_to(who: Standing) -> QuerySet[RuleFiring]:
    """Return what rules a person may read have done, on requests that the person may read."""
    return RuleFiring.objects.filter(
        rule__in=rules_visible_to(who).values("pk"), ticket__in=Ticket.objects.filter(who.readable)
    ).select_related("rule", "version", "ticket")


def active_rules(*triggers: str) -> list[Rule]:
    """Return the rules that are on for one of these triggers, in their order; one query."""
    rules = Rule.objects.filter(active=True, current__trigger__in=triggers)
    return list(rules.select_related("current", "department"))


def version_of(rule: Rule) -> RuleVersion:
    """Return what a rule says now.

    Raises:
        ValueError: it says nothing yet.
    """
    if rule.current is None:
        raise ValueError(f"rule {rule.pk} says nothing")
    return rule.current


def conditions_of(version: RuleVersion) -> list[engine.Condition]:
    """Return the conditions as the engine reads them."""
    return [engine.Condition.parse(row) for row in version.conditions]


def wiring() -> dict[int, engine.Wiring]:
    """Return what sets off the rules that are on and what they do, by their ids; one query."""
    rows = Rule.objects.filter(active=True).select_related("current")
    return {row.pk: wiring_of(version_of(row)) for row in rows}


def wiring_of(version: RuleVersion) -> engine.Wiring:
    """Return what sets a version off and what it does."""
    return engine.Wiring(version.trigger, tuple(row["do"] for row in version.actions))


def in_reach(rule: Rule, ticket: Ticket, legs: Iterable[Leg]) -> bool:
    """Whether a rule may touch a request at all.

    A department's rule touches what the department works on; a confidential request only rules of the department
    that owns it, so never a rule of the whole organisation.
    """
    if ticket.confidential:
        return rule.department_id == ticket.supplier_id
    if rule.department_id is None:
        return True
    return any(leg.supplier_id == rule.department_id for leg in legs)


def tickets_in_reach(rule: Rule) -> QuerySet[Ticket]:
    """Return the requests a rule may touch: the same as `in_reach`."""
    if rule.department_id is None:
        return Ticket.objects.filter(confidential=False)
    legs = Leg.objects.filter(ticket=OuterRef("pk"), supplier=rule.department_id)
    return Ticket.objects.filter(
        Q(confidential=False) & Exists(legs) | Q(confidential=True, supplier=rule.department_id)
    )


def facts_of(ticket: Ticket, *, text: str = "") -> dict[str, Any]:
    """Return what conditions compare. `text` is what was just written; service and customer must be loaded."""
    words = [ticket.title, *_texts(ticket.answers.values()), text]
    return {
        "service": str(ticket.service.public_id),
        "priority": str(ticket.priority),
        "customer": str(ticket.customer.public_id),
        "channel": str(ticket.channel),
        "state": str(ticket.state),
        "waiting_on": str(ticket.waiting_on),
        "text": [word for word in words if word],
        **{f"answer:{key}": _plain(value) for key, value in ticket.answers.items()},
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - an answer is any JSON value
    """Return an answer as conditions compare it: money in its main unit."""
    if isinstance(value, Mapping) and {"amount", "currency"} <= value.keys():
        return value["amount"] / 10 ** minor_units(value["currency"])
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _texts(values: Iterable[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def fired_today(rule: Rule, ticket: Ticket, *, now: datetime) -> int:
    """Return how often a rule fired on a request within 24 hours."""
    rows = RuleFiring.objects.filter(rule=rule, ticket=ticket, fired_at__gt=now - timedelta(days=1))
    return rows.count()


COLUMNS: Final = {
    "service": "service__public_id__in",
    "priority": "priority__in",
    "customer": "customer__public_id__in",
    "channel": "channel__in",
    "state": "state__in",
    "waiting_on": "waiting_on__in",
}
"""Conditions that a query can answer too, so that what does not matter is not loaded."""


def narrowed(tickets: QuerySet[Ticket], version: RuleVersion) -> QuerySet[Ticket]:
    """Leave out requests that cannot match as they are now; what remains is compared by the engine."""
    if version.join != engine.Join.ALL:
        return tickets
    for each in conditions_of(version):
        if each.op == engine.Op.IN and each.field in COLUMNS:
            tickets = tickets.filter(**{COLUMNS[each.field]: each.value})
    return tickets


def open_in_reach(rule: Rule) -> QuerySet[Ticket]:
    """Return the open requests a rule may touch and that may match."""
    tickets = tickets_in_reach(rule).filter(state__in=OPEN_TICKET_STATES)
    return narrowed(tickets, version_of(rule))


def hours(version: RuleVersion) -> timedelta:
    """Return the working time a trigger of time waits."""
    return timedelta(hours=version.amount or 0)
