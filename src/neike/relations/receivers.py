"""What relations do when something happens: follow the organisation and the catalogue, tell the other side."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.catalog.events import StandardPublished
from neike.catalog.models import Service
from neike.kernel import search
from neike.kernel.outbox import receives
from neike.kernel.search import SearchDocument
from neike.org.events import DepartmentChanged, PersonErased
from neike.org.models import Department
from neike.relations import actions, queries
from neike.relations.actions.notes import forget_notes
from neike.relations.choices import ChangeKind, Side
from neike.relations.events import AgreementChanged, NeedChanged, RelationChanged
from neike.relations.models import Agreement, Need, ServiceRelation
from neike.relations.queries import finding
from neike.relations.queries.relations import ENDS
from neike.relations.telling import end_name, speakers, tell

_OTHER: Final = {Side.PROVIDER: (Side.CUSTOMER,), Side.CUSTOMER: (Side.PROVIDER,)}
_BOTH: Final = (Side.PROVIDER, Side.CUSTOMER)
_RELATION_TITLES: Final[dict[str, Promise]] = {
    ChangeKind.PROPOSED: _("Proposed, please confirm: %(provider)s serves %(customer)s"),
    ChangeKind.DECLARED: _("Please confirm: %(provider)s serves %(customer)s"),
    ChangeKind.CONFIRMED: _("Confirmed by the other side: %(provider)s serves %(customer)s"),
    ChangeKind.CONTESTED: _("Contested by the other side: %(provider)s serves %(customer)s"),
    ChangeKind.ENDED: _("Ended: %(provider)s serves %(customer)s"),
    ChangeKind.CLOSENESS_CHANGED: _("Closeness changed: %(provider)s serves %(customer)s"),
    ChangeKind.CORRECTED: _("Dates corrected: %(provider)s serves %(customer)s"),
}
_AGREEMENT_TITLES: Final[dict[str, Promise]] = {
    "proposed": _("Please sign: %(service)s, from %(provider)s for %(customer)s"),
    "signed": _("Signed by the other side: %(service)s, from %(provider)s for %(customer)s"),
    "declined": _("Not signed by the other side: %(service)s, from %(provider)s for %(customer)s"),
    "reviewed": _("Agreement reviewed: %(service)s, from %(provider)s for %(customer)s"),
    "ended": _("Agreement ended: %(service)s, from %(provider)s for %(customer)s"),
}
_NEED_TITLES: Final[dict[str, Promise]] = {
    "stated": _("%(customer)s said what they need from %(provider)s. Guess the level first."),
    "revised": _("%(customer)s said anew what they need from %(provider)s."),
    "retired": _("%(customer)s no longer needs something from %(provider)s."),
}


@receives(DepartmentChanged)
def follow_department(event: DepartmentChanged, *, now: datetime) -> None:
    """End the relations of a department that closes, and propose them with its successors."""
    department = Department.objects.filter(pk=event.department_id).first()
    if department is not None:
        actions.follow_department(department=department, now=now)


@receives(PersonErased)
def forget_their_notes(event: PersonErased, *, now: datetime) -> None:
    """Throw away the private notes of a person who was erased."""
    forget_notes(event.person_id)


@receives(StandardPublished)
def ask_to_sign_anew(event: StandardPublished, *, now: datetime) -> None:
    """Ask the two sides of every agreement on a service to sign its new standard; the old one holds until they do."""
    service = Service.objects.select_related("standard__service").get(pk=event.service_id)
    if service.standard is None:
        return
    for relation in queries.agreed_relations_of(service.pk):
        try:
            actions.propose_agreement(
                relation=relation, standard=service.standard, by=None, now=now
            )
        except actions.RelationError:  # asked already, or the relation does not allow it
            continue


@receives(NeedChanged)
def index_a_need(event: NeedChanged, *, now: datetime) -> None:
    """Let a need be found by people of the two ends; a retired one no more."""
    _index(finding.NEED_KIND, [event.need_id], finding.need_documents([event.need_id]))


@receives(AgreementChanged)
def index_an_agreement(event: AgreementChanged, *, now: datetime) -> None:
    """Let an agreement be found while it waits for signatures or is in force."""
    ids = [event.agreement_id]
    _index(finding.AGREEMENT_KIND, ids, finding.agreement_documents(ids))


@receives(RelationChanged)
def index_what_belongs_to_it(event: RelationChanged, *, now: datetime) -> None:
    """Let the needs of a relation that has ended be found no more."""
    if event.change == ChangeKind.ENDED:
        ids = finding.needs_of_relation(event.relation_id)
        _index(finding.NEED_KIND, ids, finding.need_documents(ids))


def _index(kind: str, ids: list[int], documents: Iterable[SearchDocument]) -> None:
    found = {each.object_id: each for each in documents}
    for pk in map(str, ids):
        if pk in found:
            search.index(found[pk])
        else:
            search.unindex(kind, pk)


@receives(RelationChanged)
def tell_the_other_side(event: RelationChanged, *, now: datetime) -> None:
    """Tell who speaks for the other side what one side did; both, what the product or somebody else did.

    What the chart proposes by the hundred comes as `RelationsProposed` and is listed on "my day" alone; what it
    takes back before anybody has answered is nobody's news.
    """
    relation = ServiceRelation.objects.select_related(*ENDS).get(pk=event.relation_id)
    if event.by_id is None and event.change == ChangeKind.ENDED and not _was_answered(relation):
        return
    for side in _OTHER.get(Side(event.side), _BOTH):
        tell(
            speakers(relation, side, now=now),
            kind=f"relations.relation_{event.change}",
            url=relation.path,
            title=_RELATION_TITLES[event.change],
            params=_names(relation, now),
            key=f"relation:{relation.pk}:{event.seq}",
            now=now,
            but=event.by_id,
        )


def _was_answered(relation: ServiceRelation) -> bool:
    """Whether anybody has ever said anything about it."""
    return relation.changes.filter(by__isnull=False).exists()


@receives(NeedChanged)
def tell_the_provider(event: NeedChanged, *, now: datetime) -> None:
    """Tell who serves that a need was stated, revised or retired; never its level."""
    need = Need.objects.select_related(*(f"relation__{end}" for end in ENDS)).get(pk=event.need_id)
    tell(
        speakers(need.relation, Side.PROVIDER, now=now),
        kind=f"relations.need_{event.change}",
        url=need.relation.path,
        title=_NEED_TITLES[event.change],
        params=_names(need.relation, now),
        key=f"need:{need.pk}:{event.version}:{event.change}",
        now=now,
        but=event.by_id,
    )


@receives(AgreementChanged)
def tell_of_an_agreement(event: AgreementChanged, *, now: datetime) -> None:
    """Tell both sides what is to be signed, and each what the other side did."""
    title = _AGREEMENT_TITLES.get(event.change)
    if title is None:  # replaced by a newer one, of which they hear themselves
        return
    agreement = Agreement.objects.select_related(
        "service", *(f"relation__{end}" for end in ENDS)
    ).get(pk=event.agreement_id)
    for side in _OTHER.get(Side(event.side), _BOTH):
        tell(
            speakers(agreement.relation, side, now=now),
            kind=f"relations.agreement_{event.change}",
            url=agreement.path,
            title=title,
            params={**_names(agreement.relation, now), "service": agreement.service.name},
            key=f"agreement:{agreement.pk}:{event.version}",
            now=now,
            but=event.by_id,
        )


def _names(relation: ServiceRelation, now: datetime) -> dict[str, object]:
    return {side.value: end_name(relation, side, now=now) for side in _BOTH}
