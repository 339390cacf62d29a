"""Builders of relations. They go through the actions, as people do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neike.org.choices import LeadKind
from neike.org.models import Department, DepartmentLead, Person
from neike.relations import actions
from neike.relations.choices import Dimension, Origin, RelationKind
from neike.relations.models import Agreement, Need, ServiceRelation
from tests.make import catalog
from tests.make.org import EPOCH, NOW, department, person


@dataclass(frozen=True)
class Ends:
    """Two departments, each with a lead and somebody who works there."""

    provider: Department
    customer: Department
    provider_lead: Person
    customer_lead: Person
    provider_member: Person
    customer_member: Person


def lead(of: Department, *, kind: LeadKind = LeadKind.LEAD) -> Person:
    """Return a person placed in the department who leads it (or deputises)."""
    made = person(department=of)
    DepartmentLead.objects.create(department=of, person=made, kind=kind, valid_from=EPOCH)
    return made


def leads_too(person: Person, of: Department) -> None:
    """Let a person lead one more department."""
    DepartmentLead.objects.create(
        department=of, person=person, kind=LeadKind.LEAD, valid_from=EPOCH
    )


def two_ends() -> Ends:
    """Return two departments with their people."""
    provider, customer = department(), department()
    return Ends(
        provider=provider,
        customer=customer,
        provider_lead=lead(provider),
        customer_lead=lead(customer),
        provider_member=person(department=provider),
        customer_member=person(department=customer),
    )


def proposed(ends: Ends | None = None, *, now: datetime = NOW, **fields: Any) -> ServiceRelation:
    """Return a proposal the product made between two departments."""
    ends = ends or two_ends()
    return actions.propose(
        **{
            "provider": ends.provider,
            "customer": ends.customer,
            "kind": RelationKind.SUPPORT,
            "origin": Origin.OBSERVED,
            "by": None,
            "now": now,
            **fields,
        }
    )


def declared(ends: Ends | None = None, *, now: datetime = NOW, **fields: Any) -> ServiceRelation:
    """Return a relation the provider stated."""
    ends = ends or two_ends()
    return actions.declare(
        **{
            "provider": ends.provider,
            "customer": ends.customer,
            "kind": RelationKind.SUPPORT,
            "by": ends.provider_lead,
            "now": now,
            **fields,
        }
    )


def confirmed(ends: Ends | None = None, *, now: datetime = NOW, **fields: Any) -> ServiceRelation:
    """Return a relation the provider stated and the customer confirmed."""
    ends = ends or two_ends()
    made = declared(ends, now=now, **fields)
    return actions.confirm(relation=made, by=ends.customer_lead, version=made.version, now=now)


def contested(ends: Ends | None = None, *, now: datetime = NOW, **fields: Any) -> ServiceRelation:
    """Return a relation the provider stated and the customer contests."""
    ends = ends or two_ends()
    made = declared(ends, now=now, **fields)
    return actions.contest(
        relation=made,
        by=ends.customer_lead,
        reason="We never asked.",
        version=made.version,
        now=now,
    )


def between_people(
    provider: Person | None = None,
    customer: Person | None = None,
    *,
    kind: RelationKind = RelationKind.BOSS,
    now: datetime = NOW,
) -> ServiceRelation:
    """Return a proposal between two persons, from the organisation chart."""
    return actions.propose(
        provider=provider or person(department=department()),
        customer=customer or person(department=department()),
        kind=kind,
        origin=Origin.ORG_CHART,
        by=None,
        now=now,
    )


def content(**fields: Any) -> actions.NeedContent:
    """Return what a need says."""
    return actions.NeedContent(
        **{"statement": "Laptops ready on day one.", "importance": 5, "expected": 4, **fields}
    )


def need(ends: Ends, relation: ServiceRelation | None = None, **fields: Any) -> Need:
    """Return a need the customer's lead stated on a confirmed relation."""
    return actions.state_need(
        relation=relation or confirmed(ends),
        by=ends.customer_lead,
        dimension=Dimension.TIMELINESS,
        content=content(**fields),
        now=NOW,
    )


def agreement(ends: Ends, relation: ServiceRelation | None = None) -> Agreement:
    """Return an agreement that waits for both signatures, on a service of the provider."""
    service = catalog.service(ends.provider)
    assert service.standard is not None
    return actions.propose_agreement(
        relation=relation or confirmed(ends),
        standard=service.standard,
        by=ends.provider_lead,
        now=NOW,
    )


def signed(ends: Ends, relation: ServiceRelation | None = None) -> Agreement:
    """Return an agreement in force."""
    made = agreement(ends, relation)
    for by in (ends.provider_lead, ends.customer_lead):
        made = actions.sign(agreement=made, by=by, version=made.version, now=NOW)
    return made
