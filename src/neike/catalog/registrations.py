"""What the catalogue shows and protects elsewhere in the product."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from neike.catalog import demo
from neike.catalog.documents import all_documents, scopes
from neike.catalog.queries import offered_by, service_names
from neike.catalog.safeguards import safety_objects
from neike.kernel.registries import (
    DEMO_PARTS,
    NAVIGATION,
    SAFETY_OBJECTS,
    STRUCTURE_PREVIEWS,
    DemoPart,
    NavigationEntry,
    PreviewLine,
    StructureChange,
    StructurePreview,
)
from neike.kernel.search import SCOPE_PROVIDERS, SEARCH_SOURCES, ScopeProvider, SearchSource
from neike.org.queries.services import set_service_names

for _entry in safety_objects():
    SAFETY_OBJECTS.register(_entry)

NAVIGATION.register(
    NavigationEntry(
        key="catalog",
        order=30,
        label=_("Service catalogue"),
        icon="catalog",
        url_name="catalog:browse",
    )
)

SEARCH_SOURCES.register(SearchSource(key="catalog", documents=all_documents))
SCOPE_PROVIDERS.register(ScopeProvider(key="catalog", scopes=scopes))

DEMO_PARTS.register(DemoPart(key="catalog", order=20, load=demo.load))
set_service_names(service_names)


def _structure_preview(change: StructureChange, _now: datetime) -> list[PreviewLine]:
    """Say how many services departments that close offer."""
    count = offered_by(change.closing)
    if not count:
        return []
    text = ngettext(
        "%(count)d service of what closes leaves the catalogue: make it anew where the work goes on.",
        "%(count)d services of what closes leave the catalogue: make them anew where the work goes on.",
        count,
    )
    return [PreviewLine(text % {"count": count}, concern=True)]


STRUCTURE_PREVIEWS.register(
    StructurePreview(key="catalog.services", order=100, lines=_structure_preview)
)
