"""What the pages about agreements show: which there are, what they promise, what a newer version changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, When

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import Priority, TargetMetric
from neike.catalog.models import Service, ServiceStandard
from neike.catalog.queries import Difference
from neike.kernel.texts import LocalizedText
from neike.relations.choices import AgreementState
from neike.relations.models import Agreement, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries import agreements as agreement_queries
from neike.relations.queries.relations import ENDS

_ORDER = (
    AgreementState.PROPOSED,
    AgreementState.IN_FORCE,
    AgreementState.SUPERSEDED,
    AgreementState.ENDED,
    AgreementState.DECLINED,
)


@dataclass(frozen=True, slots=True)
class TargetChange:
    """What is promised otherwise, in working seconds, None for nothing; `priority` is "" where all change alike."""

    metric: str
    priority: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What signing anew would change: promised times, quality criteria, everything else in words."""

    targets: tuple[TargetChange, ...]
    added: tuple[LocalizedText, ...]
    removed: tuple[LocalizedText, ...]
    others: tuple[Difference, ...]

    def __bool__(self) -> bool:
        return bool(self.targets or self.added or self.removed or self.others)


def read_along(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Return the agreements with all that their page shows, in a fixed number of queries."""
    ends = [f"relation__{end}" for end in ENDS]
    return rows.select_related(
        "service",
        "standard__service",
        "standard__calendar",
        "previous__standard__calendar",
        "provider_signed_by",
        "customer_signed_by",
        "proposed_by",
        *ends,
    ).prefetch_related(
        "standard__targets",
        "standard__steps",
        "standard__calendar__intervals",
        "previous__standard__targets",
        "previous__standard__steps",
    )


def agreements_of(relation: ServiceRelation) -> QuerySet[Agreement]:
    """Return the agreements of a relation: what waits, what is in force, then what is over, newest first."""
    rows = relation.agreements.select_related(
        "service", "standard", "provider_signed_by", "customer_signed_by"
    )
    return _sorted(rows)


def agreements_of_department(department_id: int, who: Standing) -> QuerySet[Agreement]:
    """Return the agreements a department gives or receives, as far as the person sees them."""
    either = Q(relation__provider_department=department_id) | Q(
        relation__customer_department=department_id
    )
    return _sorted(agreement_queries.agreements_visible_to(who).filter(either))


def _sorted(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    order = Case(
        *(When(state=state, then=place) for place, state in enumerate(_ORDER)),
        output_field=IntegerField(),
    )
    return rows.order_by(order, "-pk")


def history_of_agreement(agreement: Agreement) -> QuerySet[Agreement]:
    """Return every agreement of the same relation about the same service, newest first."""
    rows = Agreement.objects.filter(relation=agreement.relation_id, service=agreement.service_id)
    return rows.select_related("standard").order_by("-pk")


def services_to_agree_on(relation: ServiceRelation, who: Standing) -> list[Service]:
    """Return what the provider offers whose standard is neither in force nor waiting between the two."""
    settled = relation.agreements.filter(
        state__in=(AgreementState.PROPOSED, AgreementState.IN_FORCE)
    ).values("standard")
    rows = agreement_queries.services_to_agree_on(relation, who=who)
    return list(rows.filter(standard__isnull=False).exclude(standard__in=settled))


def changes(agreement: Agreement) -> Changes | None:
    """Return how an agreement differs from the one it replaces; None for a first one."""
    if agreement.previous is None:
        return None
    old, new = agreement.previous.standard, agreement.standard
    found = catalog_queries.differences(old, new)
    before, after = _criteria(old), _criteria(new)
    return Changes(
        targets=tuple(_target_changes(old, new)),
        added=tuple(_without(after, before)),
        removed=tuple(_without(before, after)),
        others=tuple(each for each in found if not (each.is_target or each.is_criteria)),
    )


def _target_changes(old: ServiceStandard, new: ServiceStandard) -> Iterator[TargetChange]:
    """Compare what holds for each priority, whether it was written for that one or for all."""
    before, after = catalog_queries.promises(old), catalog_queries.promises(new)
    for metric in TargetMetric:
        pairs = {
            priority: (before[priority].get(metric.value), after[priority].get(metric.value))
            for priority in Priority.values
        }
        if len(set(pairs.values())) == 1:
            pairs = {"": next(iter(pairs.values()))}
        for priority, (was, will) in pairs.items():
            if was != will:
                yield TargetChange(str(metric.label), _priority(priority), was, will)


def _priority(priority: str) -> str:
    return str(Priority(priority).label) if priority else ""


def _criteria(standard: ServiceStandard) -> list[LocalizedText]:
    return [LocalizedText.from_json(each) for each in standard.quality_criteria]


def _without(these: Iterable[LocalizedText], those: list[LocalizedText]) -> Iterable[LocalizedText]:
    return (each for each in these if each not in those)
