"""What can be looked up in the catalogue. Days are dates in the organisation's zone."""

from neike.catalog.queries.answers import AnswerRow, answer_rows
from neike.catalog.queries.history import Difference, VersionOnPage, differences, history
from neike.catalog.queries.hours import hours_in_words, working_day
from neike.catalog.queries.kept import (
    ServiceName,
    calendar_of,
    calendars,
    ids_of,
    names_of_services,
    owned_by,
    published,
)
from neike.catalog.queries.pages import ServicePage, service_page, standard_page
from neike.catalog.queries.services import (
    Tile,
    former_providers,
    offered_by,
    offered_to,
    providers_on,
    search_services,
    service_by_key,
    service_names,
    services_editable_by,
    services_visible_to,
    tiles,
)
from neike.catalog.queries.standards import (
    StandardMissingError,
    current_standard,
    fingerprint,
    promise,
    promises,
    standard_for,
    standards_for,
)

__all__ = [
    "AnswerRow",
    "Difference",
    "ServiceName",
    "ServicePage",
    "StandardMissingError",
    "Tile",
    "VersionOnPage",
    "answer_rows",
    "calendar_of",
    "calendars",
    "current_standard",
    "differences",
    "fingerprint",
    "former_providers",
    "history",
    "hours_in_words",
    "ids_of",
    "names_of_services",
    "offered_by",
    "offered_to",
    "owned_by",
    "promise",
    "promises",
    "providers_on",
    "published",
    "search_services",
    "service_by_key",
    "service_names",
    "service_page",
    "services_editable_by",
    "services_visible_to",
    "standard_for",
    "standard_page",
    "standards_for",
    "tiles",
    "working_day",
]
