"""Charts as data: one description gives the drawing, the table beside it and nothing but numbers.

The browser draws it with ECharts (frontend/src/chart_options.js knows the same four kinds); people
and machines that cannot see it read the table.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from neike.kernel.ui.formatting import MISSING
from neike.kernel.ui.tones import tone_class

Value = float | int | None
LineStyle = Literal["solid", "dashed", "dotted", "dashdot"]


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars. `low`/`high` are its interval; `hrefs` open the list behind each value."""

    name: str
    values: Sequence[Value]
    tone: str = "primary"
    low: Sequence[Value] | None = None
    high: Sequence[Value] | None = None
    hrefs: Sequence[str] | None = None

    def __post_init__(self) -> None:
        tone_class(self.tone)
        for other in (self.low, self.high, self.hrefs):
            if other is not None and len(other) != len(self.values):
                raise ValueError(f"{self.name}: every list needs {len(self.values)} entries")


@dataclass(frozen=True, slots=True)
class Node:
    """A point of a graph. `x`, `y` come from the server's layout, `size` is its diameter in pixels.

    `key` stands for the node in the graph's `edge_href`.
    """

    id: str
    name: str
    x: float
    y: float
    size: float = 22
    tone: str = "primary"
    href: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow of a graph; `text` says in words what its `width` (pixels), colour and line show.

    `href` None opens what the graph's `edge_href` says.
    """

    source: str
    target: str
    text: str
    width: float = 1
    href: str | None = ""
    tone: str = ""
    style: LineStyle = "solid"


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart for reading: `head` and `rows` have equal widths."""

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw. Build it with `line_chart`, `bar_chart`, `heatmap` or `graph`."""

    kind: Literal["line", "bar", "heatmap", "graph", "dense"]
    data: dict[str, Any]
    table: Table = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return the description the browser reads."""
        return {"kind": self.kind, **self.data}


def line_chart(
    x: Sequence[str],
    series: Sequence[Series],
    *,
    axis: str,
    unit: str = "",
    goal: float | None = None,
    goal_name: str = "",
    low: float | None = None,
    high: float | None = None,
) -> Chart:
    """Return lines over the labels `x` (named `axis` in the table); `low`/`high` fix the scale.

    Raises:
        ValueError: a series is not as long as `x`.
    """
    data = _axes(x, series, unit, goal, goal_name) | {"min": low, "max": high}
    return Chart("line", data, _series_table(x, series, axis, unit))


def bar_chart(
    x: Sequence[str],
    series: Sequence[Series],
    *,
    axis: str,
    unit: str = "",
    goal: float | None = None,
    goal_name: str = "",
    stacked: bool = False,
    horizontal: bool = False,
) -> Chart:
    """Return bars over the labels `x` (named `axis` in the table).

    Raises:
        ValueError: a series is not as long as `x`.
    """
    data = _axes(x, series, unit, goal, goal_name) | {"stacked": stacked, "horizontal": horizontal}
    return Chart("bar", data, _series_table(x, series, axis, unit))


def heatmap(
    name: str,
    x: Sequence[str],
    y: Sequence[str],
    values: Sequence[Sequence[Value]],
    *,
    axis: str,
    unit: str = "",
    hrefs: Sequence[Sequence[str]] | None = None,
) -> Chart:
    """Return a matrix; `values[row][column]` with rows `y` (named `axis`) and columns `x`; None stays empty.

    `hrefs` in the same shape open the list behind each value; "" opens nothing.

    Raises:
        ValueError: the matrix, or that of its links, does not fit its labels.
    """
    for matrix in (values, values if hrefs is None else hrefs):
        if len(matrix) != len(y) or any(len(row) != len(x) for row in matrix):
            raise ValueError(f"{name}: the matrix must be {len(y)} rows of {len(x)}")
    cells = [
        [column, row, value, *([hrefs[row][column]] if hrefs else [])]
        for row, line in enumerate(values)
        for column, value in enumerate(line)
        if value is not None
    ]
    rows = [
        [label, *(_written(value, unit) for value in line)]
        for label, line in zip(y, values, strict=True)
    ]
    data = {"name": name, "x": list(x), "y": list(y), "cells": cells, "unit": unit}
    return Chart("heatmap", data, Table([axis, *x], rows))


def graph(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    head: tuple[str, str, str],
    edge_href: str = "",
) -> Chart:
    """Return a graph; `head` names the table's columns: from, to, what.

    `edge_href` is the address most arrows open, with {source} and {target} for the keys of their ends.

    Raises:
        ValueError: an edge ends at a node that is not there.
    """
    names = {node.id: node.name for node in nodes}
    for edge in edges:
        if edge.source not in names or edge.target not in names:
            raise ValueError(f"edge {edge.source} -> {edge.target} has an unknown end")
    data: dict[str, Any] = {
        "nodes": [asdict(node) for node in nodes],
        "edges": [_arrow(edge) for edge in edges],
    }
    data["edgeHref"] = edge_href
    rows = [[names[edge.source], names[edge.target], edge.text] for edge in edges]
    return Chart("graph", data, Table(list(head), rows))


def _arrow(edge: Edge) -> dict[str, Any]:
    """Return what the browser needs of an arrow, without what is usual: there may be thousands."""
    arrow: dict[str, Any] = {"source": edge.source, "target": edge.target, "text": edge.text}
    arrow["width"] = edge.width
    if edge.href is not None:
        arrow["href"] = edge.href
    if edge.tone:
        arrow["tone"] = edge.tone
    if edge.style != "solid":
        arrow["style"] = edge.style
    return arrow


def _axes(
    x: Sequence[str], series: Sequence[Series], unit: str, goal: float | None, goal_name: str
) -> dict[str, Any]:
    for row in series:
        if len(row.values) != len(x):
            raise ValueError(f"{row.name}: {len(row.values)} values for {len(x)} labels")
    return {
        "x": list(x),
        "series": [asdict(row) for row in series],
        "unit": unit,
        "goal": goal,
        "goalName": goal_name,
    }


def _series_table(x: Sequence[str], series: Sequence[Series], axis: str, unit: str) -> Table:
    rows = [[label, *(_cell(row, i, unit) for row in series)] for i, label in enumerate(x)]
    return Table([axis, *(row.name for row in series)], rows)


def _cell(row: Series, i: int, unit: str) -> str:
    written = _written(row.values[i], unit)
    if row.low is None or row.high is None or row.low[i] is None or row.high[i] is None:
        return written
    return f"{written} ({_written(row.low[i], '')}–{_written(row.high[i], unit)})"


def _written(value: Value, unit: str) -> str:
    return MISSING if value is None else f"{value:g}{unit}"
