"""What the drawings of the map share: colours, texts, title, legend."""

from collections.abc import Iterator
from html import escape
from typing import Final
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from neike.insights.views.maps.reading import MapReading
from neike.insights.views.maps.words import LegendEntry as Entry
from neike.insights.views.maps.words import kind_words
from neike.kernel import installation

SIDE: Final = 90
"""Room left of the drawing, and right of it."""
COLORS: Final = {
    "primary": "#2f6bf2",
    "info": "#2196d8",
    "success": "#17a673",
    "warning": "#d98a06",
    "error": "#e5475f",
    "neutral": "#93a0b8",
}
DASHES: Final = {"solid": "", "dashed": "9 5", "dotted": "2 5", "dashdot": "9 4 2 4"}
TEXT, MUTED, PAPER = "#141d30", "#55617a", "#ffffff"
FONT: Final = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, system-ui, sans-serif"
LEGEND_COLUMN: Final = 390
LEGEND_LINE: Final = 26


def head_of(read: MapReading, width: int, height: int) -> list[str]:
    """Begin a drawing: its size, title and conditions."""
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="{FONT}" role="img">',
        f"<title>{clean(title_of(read))}</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        text_at(SIDE, 58, title_of(read), 32, weight=700),
        text_at(SIDE, 92, conditions_of(read), 18, color=MUTED),
    ]


def title_of(read: MapReading) -> str:
    """Write what the drawing shows, and of when."""
    return _("Who serves whom: %(measure)s, %(quarter)s") % {
        "measure": read.measure.label,
        "quarter": read.period,
    }


def conditions_of(read: MapReading) -> str:
    """Write whose map it is, which part of it, and how much that holds."""
    words = [str(installation.current().name)]
    if read.within:
        words.append(_("within %(name)s") % {"name": read.within.name})
    if read.focus:
        words.append(_("chain of %(name)s") % {"name": read.focus.name})
    if read.kind:
        words.append(kind_words(read.kind))
    words.append(
        _("%(nodes)s departments, %(edges)s edges")
        % {"nodes": len(read.nodes), "edges": len(read.edges)}
    )
    return " · ".join(words)


def legend_lines(entries: list[Entry], columns: int, top: float) -> Iterator[str]:
    """Draw what the lines mean, below each other in columns, from `top` on."""
    for place, entry in enumerate(entries):
        x = SIDE + place % columns * LEGEND_COLUMN
        y = top + place // columns * LEGEND_LINE
        dash = DASHES[entry.style]
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        yield f'<line x1="{x}" y1="{y - 5}" x2="{x + 44}" y2="{y - 5}" stroke="{COLORS[entry.tone]}" stroke-width="4"{dashes}/>'
        yield text_at(x + 54, y, f"{entry.words} ({entry.count})", 16)


def text_at(
    x: float,
    y: float,
    text: str,
    size: int,
    *,
    color: str = TEXT,
    weight: int = 400,
    middle: bool = False,
) -> str:
    """Write a text at its left end, or in the `middle` of it, cut to fit, on a pale ground."""
    anchor = ' text-anchor="middle"' if middle else ""
    shown = fitted(text, 24) if middle else text
    halo = f' paint-order="stroke" stroke="{PAPER}" stroke-width="4"' if middle else ""
    bold = f' font-weight="{weight}"' if weight != 400 else ""  # noqa: PLR2004 - the usual weight
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}"{bold}{anchor}{halo}>{clean(shown)}</text>'


def fitted(text: str, most: int) -> str:
    """Cut a text to about `most` Latin letters, of which a Chinese one takes two."""
    room = most
    for place, letter in enumerate(text):
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 0:
            return text[:place].rstrip() + "…"
    return text


def clean(text: str) -> str:
    """Escape a text for XML and leave out what XML cannot hold."""
    return escape("".join(each for each in text if each >= " " and each not in "\ufffe\uffff"))
