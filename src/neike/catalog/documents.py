"""Services as the search index holds them, and who finds them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from neike.catalog import policies
from neike.catalog.choices import ServiceState
from neike.catalog.models import Service
from neike.kernel.search import EVERYONE, SearchDocument
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries

KIND: Final = "catalog.service"
AUDIENCE: Final = "catalog.audience"


def document_of(service: Service, *, changed_at: datetime) -> SearchDocument | None:
    """Return what may be found of a service; None unless it is published.

    The same rule as `policies.in_audience`: everybody, or whoever works in or below a department of the
    audience or the department that provides it.
    """
    if service.state != ServiceState.PUBLISHED:
        return None
    departments = service.audience.get("departments", [])
    limited = {(AUDIENCE, str(each)) for each in (*departments, service.department.public_id)}
    return SearchDocument(
        kind=KIND,
        object_id=str(service.pk),
        url=reverse("catalog:service", args=[service.key]),
        title=_title(service.name),
        excerpt=str(service.summary),
        body=" ".join([*map(str, service.keywords), *service.summary.texts.values()]),
        scopes=frozenset(limited) if departments else frozenset({EVERYONE}),
        changed_at=changed_at,
    )


def _title(name: LocalizedText) -> str:
    """Return the name in all languages, its own language first, whatever order the database keeps."""
    others = (name.texts[language] for language in sorted(name.texts))
    return " · ".join(dict.fromkeys([name.in_language(name.source), *others]))


def all_documents() -> Iterable[SearchDocument]:
    """Yield every published service."""
    services = Service.objects.filter(state=ServiceState.PUBLISHED, standard__isnull=False)
    for service in services.select_related("department", "standard").iterator(chunk_size=500):
        moment = service.standard.published_at if service.standard else None
        document = document_of(service, changed_at=moment) if moment else None
        if document is not None:
            yield document


def scopes(person: Any, now: datetime) -> list[tuple[str, str]]:  # noqa: ANN401 - the kernel's signature
    """Return the audiences a person belongs to now."""
    day = org_queries.organisation_day(now)
    return [(AUDIENCE, each) for each in policies.surroundings_of(person, on=day)]
