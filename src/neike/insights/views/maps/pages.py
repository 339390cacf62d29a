"""The map as a graph with its list, and as a matrix."""

from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from neike.insights.choices import MapState, Measure
from neike.insights.queries.map_edges import DECLARED, MapEdge, kinds_of
from neike.insights.views.maps.drawing import drawing
from neike.insights.views.maps.matrix import MARKS, matrix_of
from neike.insights.views.maps.reading import STEPS, MapReading, map_reading
from neike.insights.views.maps.words import (
    MEASURE_NOTES,
    STATE_TONES,
    bands_legend,
    figure_words,
    kind_words,
    states_legend,
    volume_words,
)
from neike.kernel.policies import policy
from neike.relations.choices import RelationKind

_ROWS: Final = 50


@require_safe
@policy("insights.map")
def graph(request: HttpRequest) -> HttpResponse:
    """Show who serves whom as a graph and as a list."""
    read = map_reading(request)
    start = _number(request, "row", len(read.edges))
    rows = [_row(read, edge) for edge in read.edges[start : start + _ROWS]]
    context = {
        **common(read, "insights:map"),
        "chart": drawing(read) if read.edges else None,
        "rows": rows,
        "first": start + 1,
        "last": start + len(rows),
        "previous": _page(read, start - _ROWS) if start else "",
        "next": _page(read, start + _ROWS) if start + _ROWS < len(read.edges) else "",
    }
    return render(request, "insights/map.html", context)


@require_safe
@policy("insights.map")
def matrix(request: HttpRequest) -> HttpResponse:
    """Show who serves whom as a matrix: providers in rows, customers in columns."""
    read = map_reading(request)
    shown = matrix_of(
        read,
        _number(request, "row", len(read.nodes)),
        _number(request, "column", len(read.nodes)),
    )
    context = {
        **common(read, "insights:map_matrix"),
        "matrix": shown,
        "marks": True,
        "svg": read.url("insights:map_matrix_svg"),
    }
    context["lines"] = [
        replace(entry, mark=MARKS[state])
        for entry, state in zip(context["lines"], MapState, strict=True)
    ]
    return render(request, "insights/map_matrix.html", context)


def common(read: MapReading, view: str) -> dict[str, Any]:
    """Return what graph and matrix share: conditions, legend, what is left out, exports."""
    return {
        "read": read,
        "view": view,
        "tabs": {
            each: read.url(f"insights:{each}") for each in ("map", "map_matrix", "map_compare")
        },
        "measures": [(each, read.url(view, measure=each)) for each in Measure],
        "kinds": [(each, kind_words(each)) for each in _kinds(read)],
        "states": list(MapState),
        "declared": DECLARED,
        "steps": STEPS,
        "departments": [
            (depth, str(each.public_id), str(each.name)) for depth, each in read.organisation.walk()
        ],
        "legend": [*bands_legend(read.edges, read.measure)],
        "lines": states_legend(read.edges, read.measure),
        "note": MEASURE_NOTES[read.measure],
        "left_out": read.map.shown,
        "is_narrowed": bool(read.kind or read.state or read.within or read.focus),
        "all_url": read.url(view, kind="", state="", within="", focus="", steps=""),
        "csv": read.url("insights:map_csv"),
        "svg": read.url("insights:map_svg"),
    }


def _kinds(read: MapReading) -> list[RelationKind]:
    """Return the kinds departments usually have, and whatever other kind the map holds or is asked for."""
    held = kinds_of(read.map.whole) | {*_USUAL_KINDS, read.kind}
    return [each for each in RelationKind if each in held]


_USUAL_KINDS: Final = (RelationKind.NEXT_STEP, RelationKind.SUPPORT, RelationKind.LATERAL)


def _row(read: MapReading, edge: MapEdge) -> dict[str, Any]:
    return {
        "edge": edge,
        "provider": read.name(edge.provider),
        "customer": read.name(edge.customer),
        "provider_url": read.url("insights:map", focus=read.public_id(edge.provider)),
        "customer_url": read.url("insights:map", focus=read.public_id(edge.customer)),
        "state": edge.state.label,
        "tone": STATE_TONES[edge.state],
        "volume": volume_words(edge),
        "volume_url": read.list_of(edge) if edge.legs is not None else "",
        "figure": figure_words(edge.figure, read.measure) if read.measure != Measure.VOLUME else "",
        "relations": [(line.path, kind_words(line.kind)) for line in edge.relations],
    }


def _page(read: MapReading, row: int) -> str:
    return read.url("insights:map", row=str(max(row, 0) or ""))


def _number(request: HttpRequest, name: str, most: int) -> int:
    """Return a place named by the address, from 0; nonsense is the beginning."""
    text = request.GET.get(name, "")
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0  # noqa: PLR2004
    return value if value < most else 0
