"""One index of what people may find, split by character so that Chinese words are found."""

from typing import TYPE_CHECKING

from neike.kernel.modules import late
from neike.kernel.search.documents import (
    EVERYONE,
    SCOPE_PROVIDERS,
    SEARCH_SOURCES,
    ScopeProvider,
    SearchDocument,
    SearchSource,
    scopes_of,
    scopes_remembered,
)

if TYPE_CHECKING:
    from neike.kernel.search.actions import build_anew, bulk_index, empty, index, unindex
    from neike.kernel.search.queries import Hit, Results, search, search_for

__all__ = [
    "EVERYONE",
    "SCOPE_PROVIDERS",
    "SEARCH_SOURCES",
    "Hit",
    "Results",
    "ScopeProvider",
    "SearchDocument",
    "SearchSource",
    "build_anew",
    "bulk_index",
    "empty",
    "index",
    "scopes_of",
    "scopes_remembered",
    "search",
    "search_for",
    "unindex",
]

__getattr__ = late(
    __name__,
    Hit="queries",
    Results="queries",
    build_anew="actions",
    bulk_index="actions",
    empty="actions",
    index="actions",
    search="queries",
    search_for="queries",
    unindex="actions",
)
