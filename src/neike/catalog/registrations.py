"""What the catalogue shows and protects elsewhere in the product."""

from django.utils.translation import gettext_lazy as _

from neike.catalog import demo
from neike.catalog.documents import all_documents, scopes
from neike.catalog.queries import service_names
from neike.catalog.safeguards import safety_objects
from neike.kernel.registries import (
    DEMO_PARTS,
    NAVIGATION,
    SAFETY_OBJECTS,
    DemoPart,
    NavigationEntry,
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
