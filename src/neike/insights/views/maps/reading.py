"""What an address of the map asks for, and what its reader may see of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from neike.engines.graph import Pair
from neike.insights.choices import MapState, Measure
from neike.insights.queries.lists import ASKED
from neike.insights.queries.map_edges import (
    DECLARED,
    MapEdge,
    Narrowing,
    RelationLine,
    ServiceMap,
    narrowed,
    relations_on,
    service_map,
)
from neike.insights.queries.map_places import Places, chain_places, places
from neike.insights.queries.observed import shown_edges
from neike.insights.views.periods import day_of_chart, named_period
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.periods import Period
from neike.org.queries import DepartmentOnDay, OrgChart
from neike.relations.choices import RelationKind
from neike.relations.policies import Standing, standing

_QUARTERS: Final = 8
STEPS: Final = (1, 2, 3, 4)
_USUAL_STEPS: Final = 2


@dataclass
class MapReading:
    """One look at the map. Everything shown comes from `map`, so page, drawing and files agree."""

    person: Person
    now: datetime
    period: Period
    measure: Measure
    kind: str
    state: str
    within: DepartmentOnDay | None
    focus: DepartmentOnDay | None
    steps: int
    organisation: OrgChart

    @cached_property
    def who(self) -> Standing:
        """What the reader is in the organisation today."""
        return standing(self.person, now=self.now)

    @cached_property
    def map(self) -> ServiceMap:
        """All edges of the quarter."""
        return service_map(
            self.period, self.measure, on=self.organisation.on, who=self.who, now=self.now
        )

    @cached_property
    def relations_today(self) -> Mapping[Pair, tuple[RelationLine, ...]]:
        """The relations between departments as they stand today."""
        return relations_on(self.who.on)

    @cached_property
    def edges(self) -> list[MapEdge]:
        """The edges asked for, most hand-overs first."""
        return narrowed(self.map.edges, self.narrowing)

    @cached_property
    def narrowing(self) -> Narrowing:
        """The part of the map that is asked for."""
        within = self.organisation.subtree(self.within.id) if self.within else None
        focus = self.focus.id if self.focus else None
        return Narrowing(self.kind, self.state, within, focus, self.steps)

    @cached_property
    def nodes(self) -> dict[int, int]:
        """The departments of the edges with the hand-overs they give and receive, most first."""
        volume: dict[int, int] = {}
        for edge in self.edges:
            for end in edge.pair:
                volume[end] = volume.get(end, 0) + (edge.legs or 0)
        if self.focus:
            volume.setdefault(self.focus.id, 0)
        return dict(sorted(volume.items(), key=lambda item: (-item[1], self.name(item[0]))))

    @cached_property
    def places(self) -> Places:
        """Where the departments stand: a chain in columns, else where everything seen or declared puts them."""
        if self.focus:
            return chain_places(self.edges, self.focus.id, self.steps)
        return places(self.nodes, self.map.whole)

    def name(self, department_id: int) -> str:
        """Return the name a department had in the quarter."""
        return self.organisation.name(department_id)

    def public_id(self, department_id: int) -> str:
        """Return the id of a department outside."""
        found = self.organisation.get(department_id)
        return str(found.public_id) if found else ""

    @property
    def asked(self) -> dict[str, str]:
        """The conditions as parts of an address; usual ones are left out."""
        values = {
            "period": self.period.key,
            "measure": self.measure if self.measure != Measure.VOLUME else "",
            "kind": self.kind,
            "state": self.state,
            "within": str(self.within.public_id) if self.within else "",
            "focus": str(self.focus.public_id) if self.focus else "",
            "steps": str(self.steps) if self.focus and self.steps != _USUAL_STEPS else "",
        }
        return {name: str(value) for name, value in values.items() if value}

    def url(self, view: str, **changed: str) -> str:
        """Return the address of a page of the map with these conditions; "" takes one away."""
        values = {name: value for name, value in {**self.asked, **changed}.items() if value}
        return f"{reverse(view)}?{urlencode(values)}"

    @cached_property
    def list_pattern(self) -> str:
        """The address of the list behind an edge, with {source} and {target} for the ids of its ends."""
        return _list_pattern(self.period)

    @cached_property
    def relation_pattern(self) -> str:
        """The address that leads to the relation behind an edge, with {source} and {target} for the ids of its ends."""
        values = urlencode({"period": self.period.key})
        address = reverse("insights:map_relation")
        return f"{address}?{values}&provider={{source}}&customer={{target}}"

    def list_of(self, edge: MapEdge) -> str:
        """Return what is behind an edge: its hand-overs, else its relation, else nothing."""
        if edge.legs is None:
            return edge.relations[0].path if edge.relations else ""
        return self.list_address(edge.pair, self.period)

    def list_address(self, pair: Pair, quarter: Period) -> str:
        """Return where the hand-overs of a pair in a quarter are listed."""
        pattern = self.list_pattern if quarter == self.period else _list_pattern(quarter)
        return pattern.format(source=self.public_id(pair[0]), target=self.public_id(pair[1]))

    @cached_property
    def told_alone(self) -> list[tuple[Period, dict[Pair, int]]]:
        """The two quarters of the comparison, each with the hand-overs that may be shown of it alone."""
        before = shown_edges(self.period.previous(), 1)
        return [
            (self.period.previous(), {row.pair: row.legs for row in before.edges}),
            (self.period, {row.pair: row.legs for row in self.map.shown.edges}),
        ]

    @cached_property
    def quarters(self) -> list[Period]:
        """Quarters to choose from, newest first."""
        running = org_queries.current_quarter(self.now)
        choices = [running.shifted(-back) for back in range(_QUARTERS)]
        return choices if self.period in choices else [self.period, *choices]


def _list_pattern(quarter: Period) -> str:
    values = urlencode({"what": ASKED, "period": quarter.key})
    return f"{reverse('insights:list')}?{values}&supplier={{source}}&customer={{target}}"


def map_reading(request: HttpRequest) -> MapReading:
    """Read an address; words it does not know narrow nothing.

    Raises:
        Http404: it names a period or department that is not there.
    """
    if not isinstance(request.user, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    now = timezone.now()
    named = named_period(request)
    period = org_queries.quarter_of(named.start) if named else org_queries.current_quarter(now)
    organisation = org_queries.chart(on=day_of_chart(period, now))
    return MapReading(
        person=request.user,
        now=now,
        period=period,
        measure=Measure(_one_of(request, "measure", Measure.values) or Measure.VOLUME),
        kind=_one_of(request, "kind", RelationKind.values),
        state=_one_of(request, "state", (*MapState.values, DECLARED)),
        within=department_named(request.GET.get("within", ""), organisation),
        focus=department_named(request.GET.get("focus", ""), organisation),
        steps=int(_one_of(request, "steps", tuple(map(str, STEPS))) or _USUAL_STEPS),
        organisation=organisation,
    )


def _one_of(request: HttpRequest, name: str, known: Iterable[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in known else ""


def department_named(public_id: str, organisation: OrgChart) -> DepartmentOnDay | None:
    """Return the department an address names, None when it names none.

    Raises:
        Http404: there was none of that id.
    """
    if not public_id:
        return None
    for each in organisation:
        if str(each.public_id) == public_id:
            return each
    raise Http404
