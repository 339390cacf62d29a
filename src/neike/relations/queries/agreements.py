"""Agreements as people may see them, and what waits for a signature or a review."""

from datetime import date

from django.db.models import Q, QuerySet

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import ServiceState
from neike.catalog.models import Service
from neike.org import queries as org_queries
from neike.relations import policies
from neike.relations.choices import AgreementState, RelationLevel, Side
from neike.relations.models import Agreement, ServiceRelation
from neike.relations.models.relations import OPEN
from neike.relations.policies import Standing


def agreements_visible_to(who: Standing) -> QuerySet[Agreement]:
    """Return the agreements of the relations of whose ends the person is one, with all a row shows."""
    return _rows().filter(policies.inside(who, "relation__"))


def agreements_of(relation: ServiceRelation, *, who: Standing) -> QuerySet[Agreement]:
    """Return the agreements of a relation, newest first; none for outsiders."""
    return agreements_visible_to(who).filter(relation=relation).order_by("-pk")


def agreements_to_sign(who: Standing) -> QuerySet[Agreement]:
    """Return what waits for this person's signature: they speak for a side that has not signed, and nobody nearer."""
    waits = Q()
    for side in (Side.PROVIDER, Side.CUSTOMER):
        speaks = policies.answering(who, side, "relation__")
        waits |= speaks & Q(**{f"{side}_signed_at__isnull": True})
    return _rows().filter(waits, state=AgreementState.PROPOSED).order_by("proposed_at", "pk")


def agreements_to_review(who: Standing) -> QuerySet[Agreement]:
    """Return the agreements in force whose review date has come, for who speaks for either side."""
    speaks = policies.answering(who, Side.PROVIDER, "relation__") | policies.answering(
        who, Side.CUSTOMER, "relation__"
    )
    rows = _rows().filter(speaks, state=AgreementState.IN_FORCE, review_on__lte=who.on)
    return rows.order_by("review_on", "pk")


def all_agreements_to_review(on: date) -> QuerySet[Agreement]:
    """Return every agreement in force whose review date has come."""
    rows = _rows().filter(state=AgreementState.IN_FORCE, review_on__lte=on)
    return rows.order_by("review_on", "pk")


def differences_of(agreement: Agreement) -> list[catalog_queries.Difference]:
    """Return what the agreement's standard says otherwise than the one it replaces; [] for the first one."""
    if agreement.previous is None:
        return []
    return catalog_queries.differences(agreement.previous.standard, agreement.standard)


def services_to_agree_on(relation: ServiceRelation, *, who: Standing) -> QuerySet[Service]:
    """Return the provider's published services, those of the departments below included, for a new agreement."""
    if relation.level != RelationLevel.DEPARTMENT:
        return Service.objects.none()
    below = org_queries.chart(on=who.on).subtree(relation.provider_id) | {relation.provider_id}
    rows = Service.objects.filter(department__in=below, state=ServiceState.PUBLISHED)
    return rows.select_related("standard", "department").order_by("order", "key")


def agreed_relations_of(service_id: int) -> QuerySet[ServiceRelation]:
    """Return the open relations that have agreed on a version of the service, or are asked to."""
    rows = Agreement.objects.filter(
        service=service_id, state__in=(AgreementState.IN_FORCE, AgreementState.PROPOSED)
    )
    return ServiceRelation.objects.filter(OPEN, pk__in=rows.values("relation")).order_by("pk")


def _rows() -> QuerySet[Agreement]:
    return Agreement.objects.select_related(
        "service",
        "standard",
        "standard__calendar",
        "relation__provider_department",
        "relation__customer_department",
        "provider_signed_by",
        "customer_signed_by",
        "proposed_by",
        "previous__standard__calendar",
    )
