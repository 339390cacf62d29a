"""Needs and agreements in the search index: who is of an end of their relation finds them, as `policies.inside` says."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import F

from neike.kernel.search import SearchDocument
from neike.kernel.search.documents import Scope
from neike.org.models import Person
from neike.relations import policies
from neike.relations.choices import AgreementState, RelationLevel, Side
from neike.relations.models import Agreement, Need, NeedVersion, ServiceRelation
from neike.relations.models.relations import OPEN

NEED_KIND: Final = "relations.need"
AGREEMENT_KIND: Final = "relations.agreement"
_OF, _POST, _LEADS = "relations.of", "relations.post", "relations.leads"
_CHUNK: Final = 500


def search_scopes(person: Person, now: datetime) -> set[Scope]:
    """Return the scopes a person has in the relations now."""
    who = policies.standing(person, now=now)
    return (
        {(_OF, str(pk)) for pk in who.belongs}
        | {(_POST, str(pk)) for pk in who.posts}
        | {(_LEADS, str(pk)) for pk in who.leads}
    )


def search_documents() -> Iterator[SearchDocument]:
    """Return the documents of every need that is still needed, and every agreement that waits or is in force."""
    yield from need_documents()
    yield from agreement_documents()


def need_documents(ids: Iterable[int] | None = None) -> Iterator[SearchDocument]:
    """Return the documents of needs (None: of all): what they say, never their level.

    What lies between two persons is kept out of the index: nobody but them may come across it.
    """
    open_ones = ServiceRelation.objects.filter(OPEN).exclude(level=RelationLevel.PERSON)
    rows = NeedVersion.objects.filter(
        need__retired_on=None,
        version=F("need__version"),
        need__relation__in=open_ones,
    )
    if ids is not None:
        rows = rows.filter(need__in=list(ids))
    rows = rows.select_related(
        "need__relation__provider_position", "need__relation__customer_position"
    )
    for row in rows.order_by("pk").iterator(chunk_size=_CHUNK):
        yield SearchDocument(
            kind=NEED_KIND,
            object_id=str(row.need_id),
            url=f"/relations/needs/{row.need.public_id}/",
            title=row.statement[:200],
            body=f"{row.statement} {row.measure}",
            excerpt=row.statement,
            scopes=_scopes(row.need.relation),
            changed_at=row.at,
        )


def agreement_documents(ids: Iterable[int] | None = None) -> Iterator[SearchDocument]:
    """Return the documents of agreements (None: of all): the name of the service, in every language."""
    rows = Agreement.objects.filter(state__in=(AgreementState.PROPOSED, AgreementState.IN_FORCE))
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    for row in rows.select_related("relation", "service").order_by("pk").iterator(_CHUNK):
        names = row.service.name
        yield SearchDocument(
            kind=AGREEMENT_KIND,
            object_id=str(row.pk),
            url=row.path,
            title=names.in_language(names.source),
            body=" ".join(names.texts[language] for language in sorted(names.texts)),
            scopes=_scopes(row.relation),
            changed_at=row.proposed_at,
        )


def needs_of_relation(relation_id: int) -> list[int]:
    """Return the ids of all needs of a relation."""
    return list(Need.objects.filter(relation=relation_id).values_list("pk", flat=True))


def _scopes(relation: ServiceRelation) -> frozenset[Scope]:
    """Return who finds what belongs to a relation; the same rule as `policies.inside`."""
    found: set[Scope] = set()
    for side in (Side.PROVIDER, Side.CUSTOMER):
        end = str(relation.end_id(side))
        if relation.level == RelationLevel.DEPARTMENT:
            found.add((_OF, end))
        else:
            department = getattr(relation, f"{side}_position").department_id
            found |= {(_POST, end), (_LEADS, str(department))}
    return frozenset(found)
