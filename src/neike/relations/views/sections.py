"""What stands on the page of a relation for the people of its two ends: needs, agreements."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from neike.relations.models import ServiceRelation
from neike.relations.policies import Standing
from neike.relations.views.agreements import agreements_section
from neike.relations.views.needs import needs_section

Show = Callable[[HttpRequest, ServiceRelation, Standing], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its template, and what that takes."""

    template: str
    context: dict[str, Any]


SECTIONS: Final[tuple[tuple[str, Show], ...]] = (
    ("relations/needs/_section.html", needs_section),
    ("relations/agreements/_section.html", agreements_section),
)


def sections(request: HttpRequest, relation: ServiceRelation, who: Standing) -> list[Section]:
    """Return the parts in their order."""
    return [Section(template, show(request, relation, who)) for template, show in SECTIONS]
