"""The subject of a request for people who do not write one."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from neike.catalog import queries as catalog_queries
from neike.catalog.form_schema import FieldType
from neike.catalog.models import Service

_LONGEST: Final = 60
_TELLING: Final = (FieldType.TEXT, FieldType.CHOICE, FieldType.MULTI_CHOICE, FieldType.LONG_TEXT)


def suggested(service: Service, answers: Mapping[str, Any]) -> str:
    """Return the service's name with the answer that says most: a short text, a choice, else a first line."""
    name = str(service.name)
    if service.form is None:
        return name
    by_type: dict[str, str] = {}
    for row in catalog_queries.answer_rows(service.form, answers):
        by_type.setdefault(row.type, row.value)
    telling = next((by_type[kind] for kind in _TELLING if by_type.get(kind)), "")
    telling = _short(telling)
    return _("%(service)s: %(what)s") % {"service": name, "what": telling} if telling else name


def _short(text: str) -> str:
    line = next(iter(text.strip().splitlines()), "").strip()
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
