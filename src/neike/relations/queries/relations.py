"""Which relations there are, for whom, and how they stood on a day."""

from datetime import date
from typing import Final

from django.db.models import CharField, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from neike.kernel.registries import SafetyObject
from neike.kernel.stamps import stamped
from neike.org.models import Department, Person, Position
from neike.relations import policies
from neike.relations.choices import (
    AGREED_STATES,
    ChangeKind,
    Origin,
    RelationLevel,
    RelationState,
)
from neike.relations.models import RelationChange, ServiceRelation
from neike.relations.models.relations import OPEN
from neike.relations.policies import Standing

End = Department | Position | Person
ENDS: Final = tuple(
    f"{side}_{level}" for side in ("provider", "customer") for level in RelationLevel.values
)
FROM_CHART: Final = Q(origin=Origin.ORG_CHART, state=RelationState.PROPOSED)
"""What the organisation chart proposes and nobody has answered; there may be hundreds for one head."""
_SPEAKING: Final = (
    ChangeKind.PROPOSED,
    ChangeKind.DECLARED,
    ChangeKind.CONFIRMED,
    ChangeKind.CONTESTED,
)
"""Changes that say how far the sides agree from a day on."""


def relations_visible_to(who: Standing) -> QuerySet[ServiceRelation]:
    """Return every relation a person may see, ended ones included, with its ends read along."""
    return ServiceRelation.objects.filter(policies.readable_by(who)).select_related(*ENDS)


def relations_of(who: Standing) -> QuerySet[ServiceRelation]:
    """Return the relations of whose ends the person is one: own, of the positions held, of the departments."""
    return ServiceRelation.objects.filter(policies.inside(who)).select_related(*ENDS)


def customers_of(end: End, *, who: Standing) -> QuerySet[ServiceRelation]:
    """Return the open relations in which `end` is the provider, as far as the person sees them."""
    return _at(end, "provider", who)


def providers_of(end: End, *, who: Standing) -> QuerySet[ServiceRelation]:
    """Return the open relations in which `end` is the customer, as far as the person sees them."""
    return _at(end, "customer", who)


def _at(end: End, side: str, who: Standing) -> QuerySet[ServiceRelation]:
    level = level_of(end)
    rows = relations_visible_to(who).filter(OPEN, level=level, **{f"{side}_{level}": end.pk})
    return rows.order_by("-closeness", "kind", "pk")


def level_of(end: End) -> RelationLevel:
    """Return the level at which a department, position or person stands."""
    if isinstance(end, Department):
        return RelationLevel.DEPARTMENT
    return RelationLevel.POSITION if isinstance(end, Position) else RelationLevel.PERSON


def held_on(on: date) -> Q:
    """Match relations whose dates hold on a day, half-open."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


RELATIONS: Final = "service_relations"
"""The stamp of everything `as_of` reads."""


def stamps() -> tuple[SafetyObject, ...]:
    """Return the triggers that tell when what was read through `as_of` is stale."""
    return (
        stamped(RELATIONS, "relations_servicerelation"),
        stamped(RELATIONS, "relations_relationchange"),
    )


def as_of(on: date) -> QuerySet[ServiceRelation]:
    """Return the relations that held on a day, with how far the sides agreed then and how close they stood.

    These are `state_then` and `closeness_then`; a relation's kind never changes.
    Not limited to anybody: filter by `policies.readable_by` before it is shown.
    """
    said = RelationChange.objects.filter(relation=OuterRef("pk"), kind__in=_SPEAKING)
    then = Subquery(said.filter(on__lte=on).order_by("-seq").values("state")[:1])
    first = Subquery(said.order_by("seq").values("state")[:1])
    return ServiceRelation.objects.filter(held_on(on)).annotate(
        state_then=Coalesce(then, first, output_field=CharField()), closeness_then=_closeness(on)
    )


def _closeness(on: date) -> Coalesce:
    """Return what closeness the last change up to a day set, else what the first one after it found."""
    changes = RelationChange.objects.filter(
        relation=OuterRef("pk"), kind=ChangeKind.CLOSENESS_CHANGED
    )

    def told(key: str) -> Cast:
        return Cast(KeyTextTransform(key, "data"), IntegerField())

    then = changes.filter(on__lte=on).order_by("-seq").values(told=told("closeness"))[:1]
    later = changes.filter(on__gt=on).order_by("seq").values(told=told("before"))[:1]
    return Coalesce(Subquery(then), Subquery(later), F("closeness"), output_field=IntegerField())


def declared_pairs(on: date, *, level: str = RelationLevel.DEPARTMENT) -> set[tuple[int, int]]:
    """Return (provider id, customer id) of the relations at least one side stood by on a day, contested ones left out.

    What the comparison with observed flow calls declared.
    """
    rows = as_of(on).filter(level=level).filter(state_then__in=AGREED_STATES)  # type: ignore[misc]  # annotated
    return set(rows.values_list(f"provider_{level}_id", f"customer_{level}_id"))


def relation_as_of(relation: ServiceRelation, on: date) -> RelationState | None:
    """Return how far the sides agreed on a day, rebuilt from the history; None before it began.

    The changes alone are read, not the row: the nightly check compares the two.
    """
    changes = sorted(relation.changes.all(), key=lambda change: change.seq)
    start, until, state = _start(changes), None, None
    for each in changes:
        if each.kind == ChangeKind.ENDED:
            until = each.on
        elif each.kind == ChangeKind.CORRECTED and "valid_to" in each.data:
            until = None
        elif each.kind in _SPEAKING and (state is None or each.on <= on):
            state = RelationState(each.state)
    if start is None or on < start or state is None:
        return None
    return RelationState.ENDED if until is not None and until <= on else state


def _start(changes: list[RelationChange]) -> date | None:
    start = changes[0].on if changes else None
    for each in changes:
        if each.kind == ChangeKind.CORRECTED and "valid_from" in each.data:
            start = date.fromisoformat(each.data["valid_from"])
    return start


def relations_to_confirm(who: Standing) -> QuerySet[ServiceRelation]:
    """Return what waits for this person's word: proposed, or stated by the other side; nobody nearer speaks for it."""
    waits = Q()
    for side in ("provider", "customer"):
        waits |= policies.answering(who, side) & Q(**{f"{side}_confirmed_on__isnull": True})
    rows = ServiceRelation.objects.filter(
        waits, state__in=(RelationState.PROPOSED, RelationState.DECLARED)
    )
    return rows.select_related(*ENDS).order_by("-state", "pk")


def relations_to_end(on: date) -> QuerySet[ServiceRelation]:
    """Return the open relations whose announced last day has come."""
    return ServiceRelation.objects.filter(OPEN, valid_to__lte=on).order_by("pk")


def history_of(relation: ServiceRelation) -> QuerySet[RelationChange]:
    """Return what happened to a relation, newest first, with who did it."""
    return relation.changes.select_related("by").order_by("-seq")
