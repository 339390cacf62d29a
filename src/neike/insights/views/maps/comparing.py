"""Observed against declared: whom one did not know, what stands on paper, and the shape of the whole."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from neike.engines.graph import ComparedEdge, NodeFigures, Pair
from neike.insights import policies
from neike.insights.choices import MapState
from neike.insights.queries.map_edges import MapEdge
from neike.insights.queries.map_network import Shape, shape_of
from neike.insights.views.maps.acting import fresh_context
from neike.insights.views.maps.reading import MapReading, map_reading
from neike.insights.views.maps.words import kind_words
from neike.kernel.policies import policy
from neike.org.queries import OrgChart
from neike.relations import policies as relation_policies
from neike.relations.choices import RelationLevel, RelationState
from neike.relations.models import ServiceRelation

_MOST: Final = 100
_MOST_NODES: Final = 12
_MOST_CHAINS: Final = 8


@require_safe
@policy("insights.map")
def compare(request: HttpRequest) -> HttpResponse:
    """Show aligned, hidden and paper edges of two quarters, and figures of the network."""
    read = map_reading(request)
    edges = {edge.pair: edge for edge in read.map.edges}
    found = read.map.compared
    quiet = sorted(pair for pair in found.quiet if _is_asked(read, pair))
    context = {
        "read": read,
        "tabs": {
            each: read.url(f"insights:{each}") for each in ("map", "map_matrix", "map_compare")
        },
        "found": found,
        "from_quarter": read.period.previous(),
        "parts": [
            _part(MapState.HIDDEN, read, edges, found.hidden),
            _part(MapState.PAPER, read, edges, found.paper),
            _part(MapState.ALIGNED, read, edges, found.aligned),
        ],
        "quiet": [_ends(read, edges[pair]) for pair in quiet[:_MOST]],
        "more_quiet": max(0, len(quiet) - _MOST),
        "left": {"some_hidden": found.some_left_out, "not_shown": found.left_out},
        "csv": read.url("insights:map_csv"),
        "departments": departments_shown(read.organisation),
        **fresh_context(request),
        "may_recount": bool(policies.may_recount(read.who)),
        **_network(read),
    }
    return render(request, "insights/map_compare.html", context)


def departments_shown(organisation: OrgChart) -> list[tuple[int, str, str]]:
    """Return the departments to choose from: depth, id outside, name."""
    return [(depth, str(each.public_id), str(each.name)) for depth, each in organisation.walk()]


def _part(
    state: MapState,
    read: MapReading,
    edges: dict[Pair, MapEdge],
    found: Sequence[ComparedEdge],
) -> dict[str, Any]:
    asked = [one for one in found if _is_asked(read, one.pair)]
    return {
        "state": state,
        "count": len(asked),
        "more": max(0, len(asked) - _MOST),
        "rows": [_row(read, edges[one.pair], one) for one in asked[:_MOST]],
    }


def _is_asked(read: MapReading, pair: Pair) -> bool:
    within = read.narrowing.within
    return within is None or not within.isdisjoint(pair)


def _row(read: MapReading, edge: MapEdge, one: ComparedEdge) -> dict[str, Any]:
    # what a past quarter did not know yet may stand in the relations of today
    lines = edge.relations or read.relations_today.get(edge.pair, ())
    waiting = [line for line in lines if line.state == RelationState.PROPOSED]
    return {
        **_ends(read, edge),
        "relations": [(line.path, kind_words(line.kind)) for line in lines],
        "volume": one.volume,
        "expected": one.expected,
        "lists": _lists(read, edge.pair),
        "may_propose": edge.state == MapState.HIDDEN and not lines and may_propose(read, edge),
        "waiting": waiting[0].path if waiting else "",
    }


def _lists(read: MapReading, pair: Pair) -> list[dict[str, Any]]:
    """Return the lists behind a volume of two quarters: of each quarter that may be shown alone."""
    return [
        {
            "quarter": quarter,
            "legs": told[pair],
            "url": read.list_address(pair, quarter),
        }
        for quarter, told in read.told_alone
        if pair in told
    ]


def _ends(read: MapReading, edge: MapEdge) -> dict[str, Any]:
    return {
        "provider": read.name(edge.provider),
        "customer": read.name(edge.customer),
        "provider_id": read.public_id(edge.provider),
        "customer_id": read.public_id(edge.customer),
        "relations": [(line.path, kind_words(line.kind)) for line in edge.relations],
    }


def may_propose(read: MapReading, edge: MapEdge) -> bool:
    """Whether the reader may turn the edge into a proposal to both sides."""
    relation = ServiceRelation(
        level=RelationLevel.DEPARTMENT,
        provider_department_id=edge.provider,
        customer_department_id=edge.customer,
    )
    return bool(relation_policies.may_propose(read.who, relation))


def _network(read: MapReading) -> dict[str, Any]:
    shape = shape_of(read.map.whole)
    within = read.narrowing.within
    nodes = [one for one in shape.network.nodes.values() if within is None or one.node in within]
    return {
        "shape": shape,
        "bottlenecks": _most(read, nodes, lambda one: one.betweenness, read.name),
        "into": _most(read, nodes, lambda one: one.out_dependence, read.name),
        "out": _most(read, nodes, lambda one: one.in_dependence, read.name),
        "mutual": _most(read, nodes, lambda one: one.reciprocity, read.name),
        "chains": _chains(read, shape, within),
        "network_n": sum(one.given for one in shape.network.nodes.values()),
    }


def _most(
    read: MapReading,
    nodes: Iterable[NodeFigures],
    figure: Callable[[NodeFigures], float | None],
    name: Callable[[int], str],
) -> list[dict[str, Any]]:
    """Return the departments with the greatest figure, which is a share of 0 to 1."""
    found = [(value, one) for one in nodes if (value := figure(one))]
    found.sort(key=lambda pair: (-pair[0], -pair[1].given - pair[1].received, pair[1].node))
    return [
        {
            "name": name(one.node),
            "url": read.url("insights:map", focus=read.public_id(one.node)),
            "value": value,
            "provider": name(one.biggest_provider) if one.biggest_provider else "",
            "customer": name(one.biggest_customer) if one.biggest_customer else "",
            "given": one.given,
            "received": one.received,
            "work": one.given + one.received,
        }
        for value, one in found[:_MOST_NODES]
    ]


def _chains(read: MapReading, shape: Shape, within: frozenset[int] | None) -> list[list[str]]:
    found = [
        chain for chain in shape.chains if within is None or not within.isdisjoint(chain.nodes)
    ]
    return [[read.name(each) for each in chain.nodes] for chain in found[:_MOST_CHAINS]]
