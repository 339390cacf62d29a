"""Names of services, told by the catalogue, which stands above the organisation."""

from collections.abc import Callable, Mapping
from uuid import UUID

ServiceNames = Callable[[], Mapping[UUID, str]]


def _none() -> Mapping[UUID, str]:
    return {}


_provider: ServiceNames = _none


def set_service_names(provider: ServiceNames) -> None:
    """Tell the organisation what the services are called: by public id, in the reader's language."""
    global _provider  # noqa: PLW0603 - one provider per process, set at start-up
    _provider = provider


def service_names() -> Mapping[UUID, str]:
    """Return every service's name by public id."""
    return _provider()
