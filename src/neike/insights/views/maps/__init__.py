"""The map of who serves whom: graph, matrix, comparison, exports."""

from neike.insights.views.maps.acting import freshness, propose, recount
from neike.insights.views.maps.comparing import compare
from neike.insights.views.maps.exports import as_csv, as_svg, matrix_as_svg
from neike.insights.views.maps.opening import relation
from neike.insights.views.maps.pages import graph, matrix

__all__ = [
    "as_csv",
    "as_svg",
    "compare",
    "freshness",
    "graph",
    "matrix",
    "matrix_as_svg",
    "propose",
    "recount",
    "relation",
]
