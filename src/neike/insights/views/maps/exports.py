"""The map as files: what the page shows, and nothing else."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.insights.choices import Measure
from neike.insights.queries.map_edges import MapEdge
from neike.insights.views.maps.matrix_svg import matrix_svg_of
from neike.insights.views.maps.reading import MapReading, map_reading
from neike.insights.views.maps.svg import svg_of
from neike.insights.views.maps.words import kind_words, volume_words
from neike.kernel.policies import policy
from neike.org.importing.report import safe_cell


@require_safe
@policy("insights.map")
def as_csv(request: HttpRequest) -> HttpResponse:
    """Answer with the edges asked for as CSV that no spreadsheet takes for formulas."""
    read = map_reading(request)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([_column(text) for text in _head(read)])
    writer.writerows([[safe_cell(cell) for cell in _line(read, edge)] for edge in read.edges])
    # a mark that lets spreadsheets read 中文
    return _file("\ufeff" + file.getvalue(), "text/csv; charset=utf-8", f"{_name(read)}.csv")


def _column(text: str) -> str:
    return safe_cell(str(text))


def _head(read: MapReading) -> list[str]:
    head = [
        _("Provider"),
        _("Customer"),
        _("State"),
        _("Kinds"),
        _("Hand-overs in %(quarter)s") % {"quarter": read.period},
        _("Hand-overs in two quarters"),
        _("Note"),
    ]
    if read.measure != Measure.VOLUME:
        name = str(read.measure.label)
        head += [name, _("from (95%)"), _("to (95%)"), "n"]
    return head


def _line(read: MapReading, edge: MapEdge) -> list[str]:
    line = [
        read.name(edge.provider),
        read.name(edge.customer),
        str(edge.state.label),
        ", ".join(kind_words(one.kind) for one in edge.relations),
        "" if edge.legs is None else str(edge.legs),
        "" if edge.window_legs is None else str(edge.window_legs),
        volume_words(edge) if edge.legs is None else "",
    ]
    if read.measure != Measure.VOLUME:
        one = edge.figure
        line += [
            "" if value is None else f"{value:.6g}"
            for value in ((one.value, one.low, one.high) if one else (None, None, None))
        ]
        line.append(str(one.n) if one else "")
    return line


@require_safe
@policy("insights.map")
def as_svg(request: HttpRequest) -> HttpResponse:
    """Answer with the drawing of what is asked for."""
    read = map_reading(request)
    return _file(svg_of(read), "image/svg+xml; charset=utf-8", f"{_name(read)}.svg")


@require_safe
@policy("insights.map")
def matrix_as_svg(request: HttpRequest) -> HttpResponse:
    """Answer with the matrix of what is asked for as a drawing."""
    read = map_reading(request)
    text = matrix_svg_of(read)
    return _file(text, "image/svg+xml; charset=utf-8", f"{_name(read, 'matrix')}.svg")


def _name(read: MapReading, what: str = "map") -> str:
    parts = [what, read.period.key, str(read.measure)]
    return "-".join(parts)


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
