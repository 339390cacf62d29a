"""What the catalogue shows and protects elsewhere in the product."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from neike.catalog import demo
from neike.catalog.documents import all_documents, scopes
from neike.catalog.queries import kept, offered_by, service_names
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

for _entry in (*safety_objects(), *kept.stamps()):
    SAFETY_OBJECTS.register(_entry)

NAVIGATION.register(
    NavigationEntry(
        key="catalog",
        order=30,
        label=gettext_lazy("Service catalogue"),
        icon="catalog",
        url_name="catalog:browse",
    )
)

SEARCH_SOURCES.register(SearchSource(key="catalog", documents=all_documents))
SCOPE_PROVIDERS.register(ScopeProvider(key="catalog", scopes=scopes))

_NAMED = 20

DEMO_PARTS.register(DemoPart(key="catalog", order=20, load=demo.load))
set_service_names(service_names)


def _structure_preview(change: StructureChange, _now: datetime) -> list[PreviewLine]:
    """Name the services of departments that close: with a merge they move, else they leave the catalogue."""
    names = offered_by(change.closing)
    count = len(names)
    if not count:
        return []
    shown = _(", ").join(names[:_NAMED]) + ("…" if count > _NAMED else "")
    if change.is_merged:
        text = ngettext(
            "%(count)d service goes on in the successor, which answers for it from then on: %(names)s.",
            "%(count)d services go on in the successor, which answers for them from then on: %(names)s.",
            count,
        )
        return [PreviewLine(text % {"count": count, "names": shown})]
    text = ngettext(
        "%(count)d service of what closes leaves the catalogue: make it anew where the work goes on. %(names)s.",
        "%(count)d services of what closes leave the catalogue: make them anew where the work goes on. %(names)s.",
        count,
    )
    return [PreviewLine(text % {"count": count, "names": shown}, concern=True)]


STRUCTURE_PREVIEWS.register(
    StructurePreview(key="catalog.services", order=100, lines=_structure_preview)
)
