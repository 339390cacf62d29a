"""What the catalogue tells the modules above it."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ServiceChanged:
    """A service was created, published, retired, or its texts, form or audience changed."""

    name: ClassVar[str] = "catalog.service_changed.v1"
    service_id: int


@dataclass(frozen=True, slots=True)
class StandardPublished:
    """A version of a standard came into force; requests made before keep the version they have."""

    name: ClassVar[str] = "catalog.standard_published.v1"
    service_id: int
    standard_id: int
    version: int
