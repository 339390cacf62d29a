"""What colours, lines and numbers of the map mean, in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from neike.engines.gaps import SERVICE_GAP
from neike.insights.choices import MapState, Measure
from neike.insights.queries.map_edges import MapEdge
from neike.insights.queries.map_measures import Figure
from neike.kernel.ui.charts import LineStyle
from neike.kernel.ui.formatting import MISSING, number, percent
from neike.relations.choices import RelationKind

STATE_TONES: Final = {
    MapState.ALIGNED: "primary",
    MapState.HIDDEN: "warning",
    MapState.PAPER: "neutral",
    MapState.SEEN: "info",
}
STATE_STYLES: Final[dict[MapState, LineStyle]] = {
    MapState.ALIGNED: "solid",
    MapState.HIDDEN: "dashed",
    MapState.PAPER: "dotted",
    MapState.SEEN: "dashdot",
}
STATE_NOTES: Final[dict[MapState, str | Promise]] = {
    MapState.ALIGNED: gettext_lazy("declared, with work in two quarters"),
    MapState.HIDDEN: gettext_lazy("much work, never declared"),
    MapState.PAPER: gettext_lazy("declared, without work in two quarters"),
    MapState.SEEN: gettext_lazy("some work, not declared"),
}


@dataclass(frozen=True, slots=True)
class Band:
    """A colour of a measure and what it stands for; values from `least` on, best first."""

    tone: str
    least: float
    words: str | Promise


_NONE: Final = ("neutral", gettext_lazy("nothing that may be shown"))
_SMALL: Final = ("info", gettext_lazy("small sample: fewer than 30"))
BANDS: Final[dict[Measure, tuple[Band, ...]]] = {
    Measure.KEPT: (
        Band("success", 0.95, gettext_lazy("95% and more kept")),
        Band("warning", 0.85, gettext_lazy("85% to 95% kept")),
        Band("error", 0.0, gettext_lazy("less than 85% kept")),
    ),
    Measure.SATISFACTION: (
        Band("success", 4.5, gettext_lazy("4.5 and more of 5")),
        Band("warning", 3.5, gettext_lazy("3.5 to 4.5 of 5")),
        Band("error", 1.0, gettext_lazy("less than 3.5 of 5")),
    ),
    Measure.GAP: (
        Band("success", float(SERVICE_GAP) + 1e-9, gettext_lazy("about as expected or better")),
        Band("error", -4.0, gettext_lazy("half a step and more below what is expected")),
    ),
}


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A tone or line of the drawing, its words, and how many edges of the page have it."""

    tone: str
    style: str
    words: str
    note: str
    count: int
    mark: str = ""


def tone_of(edge: MapEdge, measure: Measure) -> str:
    """Return the colour of an edge."""
    if measure == Measure.VOLUME:
        return STATE_TONES[edge.state]
    return _tone_of_figure(edge.figure, measure)


def _tone_of_figure(figure: Figure | None, measure: Measure) -> str:
    if figure is None:
        return _NONE[0]
    if measure == Measure.KEPT and figure.is_small:
        return _SMALL[0]
    bands = BANDS[measure]
    return next((band.tone for band in bands if figure.value >= band.least), bands[-1].tone)


def states_legend(edges: Iterable[MapEdge], measure: Measure) -> list[LegendEntry]:
    """Return what the lines mean; with the volume their colours, too."""
    counts = Counter(edge.state for edge in edges)
    coloured = measure == Measure.VOLUME
    return [
        LegendEntry(
            STATE_TONES[state] if coloured else "neutral",
            STATE_STYLES[state],
            str(state.label),
            str(STATE_NOTES[state]),
            counts[state],
        )
        for state in MapState
    ]


def bands_legend(edges: Iterable[MapEdge], measure: Measure) -> list[LegendEntry]:
    """Return what the colours of a measure mean; none for the volume, which the lines explain."""
    if measure == Measure.VOLUME:
        return []
    counts = Counter(tone_of(edge, measure) for edge in edges)
    entries = [(band.tone, band.words) for band in BANDS[measure]]
    entries += [_SMALL] if measure == Measure.KEPT else []
    return [
        LegendEntry(tone, "solid", str(words), "", counts[tone])
        for tone, words in (*entries, _NONE)
    ]


def handovers(count: int) -> str:
    """Write a number of hand-overs."""
    words = ngettext("%(count)s hand-over", "%(count)s hand-overs", count)
    return words % {"count": number(count)}


def volume_words(edge: MapEdge) -> str:
    """Write the volume of the quarter, or why there is none to be told."""
    if edge.legs is not None:
        return handovers(edge.legs)
    if edge.is_quiet:
        return _("work by fewer than three people: not shown")
    if edge.state == MapState.PAPER:
        return _("no work in two quarters")
    return _("too few people in this quarter: not shown")


def figure_words(figure: Figure | None, measure: Measure) -> str:
    """Write what a measure says with its interval and number; a dash where nothing may be told."""
    if figure is None:
        return MISSING
    words = {"value": short_figure(figure, measure), "n": number(figure.n)}
    if measure == Measure.GAP:
        return ngettext("%(value)s (%(n)s need)", "%(value)s (%(n)s needs)", figure.n) % words
    if figure.low is None or figure.high is None:
        text = _("%(value)s (n = %(n)s)") % words
    else:
        ends = {"low": _plain(figure.low, measure), "high": _plain(figure.high, measure)}
        text = _("%(value)s (%(low)s–%(high)s, n = %(n)s)") % {**words, **ends}
    return _("%(figure)s, small sample") % {"figure": text} if figure.is_small else text


def short_figure(figure: Figure, measure: Measure) -> str:
    """Write the value alone."""
    if measure == Measure.GAP:
        sign = "+" if figure.value > 0 else "−" if figure.value < 0 else "±"
        return f"{sign}{number(abs(figure.value), 1)}"
    return _plain(figure.value, measure)


def _plain(value: float, measure: Measure) -> str:
    return percent(value) if measure == Measure.KEPT else number(value, 2)


def measured_words(edge: MapEdge, measure: Measure) -> str:
    """Write what the chosen measure says of an edge."""
    return volume_words(edge) if measure == Measure.VOLUME else figure_words(edge.figure, measure)


def edge_words(edge: MapEdge, measure: Measure) -> str:
    """Write everything the drawing says of an edge."""
    parts = [str(edge.state.label), volume_words(edge)]
    if measure != Measure.VOLUME:
        parts.append(f"{measure.label}: {figure_words(edge.figure, measure)}")
    return " · ".join(parts)


def kind_words(kind: str) -> str:
    """Name a kind of relation."""
    return str(RelationKind(kind).label)


MEASURE_NOTES: Final[dict[Measure, str | Promise]] = {
    Measure.VOLUME: gettext_lazy(
        "Hand-overs offered in the quarter. Shown from three distinct people at each end on."
    ),
    Measure.KEPT: gettext_lazy(
        "Deliveries of hand-overs that ended in the quarter within their promise, with Wilson's 95% interval and number. Shown where the volume is shown."
    ),
    Measure.SATISFACTION: gettext_lazy(
        "Mean of the ratings published for the quarter, of 5, with 95% interval and number. Published from five distinct raters on, a week after the end of each month."
    ),
    Measure.GAP: gettext_lazy(
        "Mean of what is perceived less mean of what is expected, in steps of 1 to 5. Shown only to the people of the two ends; no gap enters a score."
    ),
}
