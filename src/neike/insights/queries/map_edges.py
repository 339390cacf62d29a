"""The map: pairs of departments with what is declared, what was seen and what is measured of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar, cast
from uuid import UUID

from neike.engines.graph import Pair, downstream, upstream
from neike.insights.choices import MapState, Measure
from neike.insights.queries.map_comparing import Compared, compared_edges
from neike.insights.queries.map_measures import Figure, figures, token_of
from neike.insights.queries.observed import OBSERVED, ShownEdges, shown_edges
from neike.kernel.stamps import stamp_of, stamps_of
from neike.org.periods import Period
from neike.relations.choices import AGREED_STATES, RelationLevel, RelationState
from neike.relations.policies import Standing
from neike.relations.queries import RELATIONS, as_of

DECLARED: Final = "declared"
"""Filter by state: whatever is declared, with work or without."""
_MOST_KEPT: Final = 24
"""So many things are kept with a map: its shape, and places for the parts of it people look at."""

T = TypeVar("T")


class RelationLine(NamedTuple):
    """A relation between two departments as it stood on the map's day."""

    public_id: UUID
    kind: str
    state: str
    closeness: int

    @property
    def is_declared(self) -> bool:
        """Whether at least one side stands by it and none contests it."""
        return self.state in AGREED_STATES

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/relations/{self.public_id}/"


class MapEdge(NamedTuple):
    """One pair. `legs` are the hand-overs of the quarter, `window_legs` those of two quarters, None: not told.

    `figure` is what the chosen measure says, None where there is nothing or it may not be told.
    `is_quiet`: there was work, by too few people to say how much.
    """

    provider: int
    customer: int
    state: MapState
    legs: int | None
    window_legs: int | None
    relations: tuple[RelationLine, ...]
    is_quiet: bool
    figure: Figure | None = None

    @property
    def pair(self) -> Pair:
        """The two ends."""
        return self.provider, self.customer


@dataclass(frozen=True, eq=False, slots=True)
class Whole:
    """All pairs of a quarter with the relations of a day, before anything is measured.

    `shown` is the quarter, `window` the two quarters that end with it. The same for every reader, so it is kept in
    memory for as long as it holds, and with it what follows from it (`kept`).
    """

    edges: tuple[MapEdge, ...]
    compared: Compared
    shown: ShownEdges
    window: ShownEdges
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def kept(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what was computed under this key before, or compute it; the same for everybody who asks."""
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = made = compute()
            return made
        return cast(T, self._kept[key])


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """All that may be shown of a quarter to one reader, most hand-overs first, and what is to be said of the rest."""

    edges: tuple[MapEdge, ...]
    compared: Compared
    shown: ShownEdges
    whole: Whole


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which part of the map to show; what is empty or None leaves a condition out.

    `within` holds departments of which an edge has at least one as an end. `focus` keeps the chain of one
    department: who works for it and for whom it works, up to `steps` hand-overs away.
    """

    kind: str = ""
    state: str = ""
    within: frozenset[int] | None = None
    focus: int | None = None
    steps: int = 2


def service_map(
    quarter: Period, measure: Measure, *, on: date, who: Standing, now: datetime
) -> ServiceMap:
    """Return the map of a quarter with the relations of the day `on`; a fixed number of queries."""
    whole = whole_map(quarter, on=on)
    if measure == Measure.VOLUME:
        return ServiceMap(whole.edges, whole.compared, whole.shown, whole)
    token = token_of(measure, now=now)

    def measured() -> tuple[MapEdge, ...]:
        shown = {row.pair for row in whole.shown.edges}
        return _measured(whole, figures(measure, shown, quarter, who=who, now=now))

    edges = measured() if token is None else whole.kept((measure, token), measured)
    return ServiceMap(edges, whole.compared, whole.shown, whole)


def _measured(whole: Whole, figures_of: Mapping[Pair, Figure]) -> tuple[MapEdge, ...]:
    return tuple(
        MapEdge(*edge[:-1], figures_of[edge[:2]]) if edge[:2] in figures_of else edge
        for edge in whole.edges
    )


def whole_map(quarter: Period, *, on: date) -> Whole:
    """Return all pairs of a quarter with the relations of a day.

    One query; a fixed number more when an edge or a relation changed since this process last read them.
    """
    tokens = stamps_of(OBSERVED, RELATIONS)
    return _read(quarter, on) if tokens is None else _kept(quarter, on, tokens)


@lru_cache(maxsize=4)
def _kept(quarter: Period, on: date, _tokens: tuple[str, ...]) -> Whole:
    return _read(quarter, on)


def _read(quarter: Period, on: date) -> Whole:
    relations = relations_on(on)
    compared = compared_edges(declared_of(relations), quarter)
    shown = shown_edges(quarter, 1)
    legs = {row.pair: row.legs for row in shown.edges}
    edges = _edges(compared, relations, legs)
    return Whole(tuple(edges), compared, shown, shown_edges(quarter, 2))


def kinds_of(whole: Whole) -> frozenset[str]:
    """Return the kinds of the relations on the map."""
    return whole.kept(
        "kinds", lambda: frozenset(line.kind for edge in whole.edges for line in edge.relations)
    )


def relations_on(day: date) -> dict[Pair, tuple[RelationLine, ...]]:
    """Return the relations between departments that held on a day and are open or were agreed then.

    One query; one more when a relation changed since this process last read that day.
    """
    token = stamp_of(RELATIONS)
    return _relations_on(day) if token is None else _kept_relations(day, token)


@lru_cache(maxsize=4)
def _kept_relations(day: date, _token: str) -> dict[Pair, tuple[RelationLine, ...]]:
    return _relations_on(day)


def _relations_on(day: date) -> dict[Pair, tuple[RelationLine, ...]]:
    rows = (
        as_of(day)  # type: ignore[misc]  # it annotates `state_then`
        .filter(level=RelationLevel.DEPARTMENT)
        .order_by("pk")
        .values_list(
            "provider_department_id",
            "customer_department_id",
            "public_id",
            "kind",
            "state_then",
            "closeness_then",
        )
    )
    found: dict[Pair, list[RelationLine]] = defaultdict(list)
    for provider, customer, *line in rows:
        one = RelationLine(*line)
        if one.state != RelationState.ENDED:
            found[provider, customer].append(one)
    return {pair: tuple(lines) for pair, lines in found.items()}


def declared_of(relations: Mapping[Pair, Iterable[RelationLine]]) -> set[Pair]:
    """Return the pairs with a relation at least one side stands by."""
    return {pair for pair, lines in relations.items() if any(line.is_declared for line in lines)}


def _edges(
    compared: Compared,
    relations: Mapping[Pair, tuple[RelationLine, ...]],
    legs: Mapping[Pair, int],
) -> list[MapEdge]:
    states: dict[Pair, tuple[MapState, int | None]] = {
        **dict.fromkeys(compared.quiet, (MapState.ALIGNED, None)),
        **{one.pair: (MapState.ALIGNED, one.volume) for one in compared.aligned},
        **{one.pair: (MapState.HIDDEN, one.volume) for one in compared.hidden},
        **{one.pair: (MapState.PAPER, None) for one in compared.paper},
        **{one.pair: (MapState.SEEN, one.volume) for one in compared.other},
    }
    found = [
        MapEdge(
            provider=pair[0],
            customer=pair[1],
            state=state,
            legs=legs.get(pair),
            window_legs=volume,
            relations=relations.get(pair, ()),
            is_quiet=pair in compared.quiet,
        )
        for pair, (state, volume) in states.items()
    ]
    return sorted(found, key=lambda one: (-(one.legs or 0), -(one.window_legs or 0), one.pair))


def narrowed(edges: Iterable[MapEdge], to: Narrowing) -> list[MapEdge]:
    """Return the edges that match, in their order."""
    states = _states(to.state)
    found = [
        edge
        for edge in edges
        if (not states or edge.state in states)
        and (not to.kind or any(line.kind == to.kind for line in edge.relations))
        and (to.within is None or not to.within.isdisjoint(edge.pair))
    ]
    return found if to.focus is None else _chain(found, to.focus, to.steps)


def _states(state: str) -> Collection[str]:
    if state == DECLARED:
        return (MapState.ALIGNED, MapState.PAPER)
    return (state,) if state in MapState.values else ()


def _chain(edges: list[MapEdge], focus: int, steps: int) -> list[MapEdge]:
    """Keep the edges that lead to the focus or away from it, each a step nearer or further."""
    up, down = reach(edges, focus, steps)
    up, down = up | {focus: 0}, down | {focus: 0}
    return [
        edge
        for edge in edges
        if _leads(up, edge.customer, edge.provider) or _leads(down, edge.provider, edge.customer)
    ]


def _leads(away: Mapping[int, int], near: int, far: int) -> bool:
    return near in away and far in away and away[near] < away[far]


def reach(
    edges: Iterable[MapEdge], focus: int, steps: int
) -> tuple[dict[int, int], dict[int, int]]:
    """Return how many hand-overs away who works for the focus is, and for whom it works."""
    pairs = [edge.pair for edge in edges]
    return upstream(pairs, focus, depth=steps), downstream(pairs, focus, depth=steps)
