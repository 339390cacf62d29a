"""One service in one YAML file: the strict format `neike.service/1`, read and written. No database."""

from neike.catalog.service_file.content import ServiceFile, StandardPart, StepPart
from neike.catalog.service_file.reading import MOST_BYTES, ServiceFileError, read
from neike.catalog.service_file.writing import digest, write

__all__ = [
    "MOST_BYTES",
    "ServiceFile",
    "ServiceFileError",
    "StandardPart",
    "StepPart",
    "digest",
    "read",
    "write",
]
