"""Search over everything a person may see.

Requests, services, needs and agreements come from the index and are checked once more against what the person may see now;
people and departments are looked up where they live, so that pinyin works and nothing is ever stale.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from neike.catalog import queries as catalog_queries
from neike.catalog.documents import KIND as SERVICE_KIND
from neike.catalog.models import Service
from neike.desk import policies as desk_policies
from neike.desk import queries as desk_queries
from neike.desk.models import Article, Ticket
from neike.desk.queries.finding import KIND as TICKET_KIND
from neike.kernel import search
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.queries import DepartmentOnDay, OrgChart, directory
from neike.relations import policies as relation_policies
from neike.relations import queries as relation_queries
from neike.relations.choices import RelationLevel
from neike.relations.models import Agreement, Need, ServiceRelation
from neike.relations.models.relations import OPEN
from neike.relations.queries.finding import AGREEMENT_KIND, NEED_KIND

FIRST: Final = 5
"""How many of each kind the overview shows."""
MOST: Final = 50
"""How many of one kind are shown at most; counts stop here, too."""
LONGEST: Final = 100
_BOTH_ENDS: Final = 2
KINDS: Final = ("services", "articles", "requests", "people", "departments", "relations")
_NUMBER: Final = re.compile(r"\s*r\s*-?\s*(\d{1,18})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found, with the object itself and the words the index keeps of it."""

    thing: (
        Ticket | Service | Article | Person | DepartmentOnDay | ServiceRelation | Need | Agreement
    )
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind, best first; `is_capped` when there may be more than `count`."""

    kind: str
    found: Sequence[Found]
    count: int
    is_capped: bool

    @property
    def count_text(self) -> str:
        """The count as it is written: "12", or "50+"."""
        return f"{self.count}+" if self.is_capped else str(self.count)


@dataclass(frozen=True, slots=True)
class Seeker:
    """Who looks, when, and the organisation on that day."""

    person: Person
    now: datetime
    on: date
    chart: OrgChart


def number_meant(text: str) -> int | None:
    """Return the number when the whole text names a request ("R-1042", "r1042"), else None."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def find(seeker: Seeker, text: str, kinds: Sequence[str] = KINDS) -> list[Group]:
    """Return what a person may see of each kind and fits; empty kinds and blank texts give no group.

    A count never tells of anything the person may not see.
    """
    text = text.replace("\x00", "").strip()[:LONGEST]
    if not text:
        return []
    with search.scopes_remembered():
        groups = [_group(kind, _FINDERS[kind](seeker, text)) for kind in KINDS if kind in kinds]
    return [group for group in groups if group.found]


def _group(kind: str, found: Sequence[Found]) -> Group:
    return Group(kind, found[:MOST], min(len(found), MOST), is_capped=len(found) > MOST)


def _hits(seeker: Seeker, text: str, kind: str) -> dict[int, str]:
    """Return the excerpts of what the index finds by id, best first."""
    found = search.search_for(seeker.person, text, now=seeker.now, kinds=[kind], limit=MOST + 1)
    return {int(hit.object_id): hit.excerpt for hit in found.hits}


def _requests(seeker: Seeker, text: str) -> list[Found]:
    excerpts = _hits(seeker, text, TICKET_KIND)
    who = desk_policies.standing(seeker.person, now=seeker.now)
    visible = desk_queries.tickets_visible_to(who).select_related("service")
    rows = visible.in_bulk(list(excerpts)) if excerpts else {}
    return [Found(rows[pk], excerpt) for pk, excerpt in excerpts.items() if pk in rows]


def _services(seeker: Seeker, text: str) -> list[Found]:
    excerpts = _hits(seeker, text, SERVICE_KIND)
    if not excerpts:
        return [
            Found(each, str(each.summary))
            for each in catalog_queries.search_services(seeker.person, text, seeker.on)
        ]
    rows = {each.pk: each for each in catalog_queries.offered_to(seeker.person, seeker.on)}
    return [Found(rows[pk], str(rows[pk].summary)) for pk in excerpts if pk in rows]


def _articles(seeker: Seeker, text: str) -> list[Found]:
    found = desk_queries.search_articles(seeker.person, text, now=seeker.now)
    return [Found(each, str(each.body)) for each in found.articles]


def _people(seeker: Seeker, text: str) -> list[Found]:
    present = directory.present(org_queries.people_visible_to(seeker.person), on=seeker.on)
    fitting = directory.matching(present, text).order_by("name_latin", "pk")
    rows = directory.with_surroundings(fitting, now=seeker.now, on=seeker.on)
    return [Found(each) for each in rows[: MOST + 1]]


def _departments(seeker: Seeker, text: str) -> list[Found]:
    words = text.casefold().split()
    return [
        Found(each, str(each.purpose))
        for _depth, each in seeker.chart.walk()
        if each.is_active and all(word in _names(each) for word in words)
    ]


def _relations(seeker: Seeker, text: str) -> list[Found]:
    """Return relations between the departments named, then agreements and needs in which the words stand."""
    who = relation_policies.standing(seeker.person, now=seeker.now)
    found = [Found(each) for each in _between(seeker, who, text)]
    excerpts = _hits(seeker, text, AGREEMENT_KIND)
    agreements = relation_queries.agreements_visible_to(who).in_bulk(list(excerpts))
    found += [
        Found(agreements[pk], excerpt) for pk, excerpt in excerpts.items() if pk in agreements
    ]
    excerpts = _hits(seeker, text, NEED_KIND)
    needs = relation_queries.needs_visible_to(who).filter(retired_on=None).in_bulk(list(excerpts))
    found += [Found(needs[pk], excerpt) for pk, excerpt in excerpts.items() if pk in needs]
    return found[: MOST + 1]


def _between(
    seeker: Seeker, who: relation_policies.Standing, text: str
) -> Sequence[ServiceRelation]:
    """Return the open relations between departments that the words name both ends of."""
    words = text.casefold().split()
    if len(words) < _BOTH_ENDS:
        return []
    named = {
        each.id: {word for word in words if word in _names(each)}
        for _depth, each in seeker.chart.walk()
        if each.is_active
    }
    ends = [pk for pk, said in named.items() if said]
    rows = relation_queries.relations_visible_to(who).filter(
        OPEN,
        level=RelationLevel.DEPARTMENT,
        provider_department__in=ends,
        customer_department__in=ends,
    )
    return [
        each
        for each in rows.order_by("pk")
        if named[each.provider_id] | named[each.customer_id] == set(words)
        and named[each.provider_id] != named[each.customer_id]
    ][: MOST + 1]


def _names(department: DepartmentOnDay) -> str:
    return " ".join([*department.name.texts.values(), department.code]).casefold()


_FINDERS: Final[dict[str, Callable[[Seeker, str], list[Found]]]] = {
    "services": _services,
    "articles": _articles,
    "requests": _requests,
    "people": _people,
    "departments": _departments,
    "relations": _relations,
}
