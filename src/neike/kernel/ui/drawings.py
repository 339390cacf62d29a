"""Geometry of the small drawings the server makes itself: sparkline, interval bar, loop ring."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spark:
    """A line and the area below it as SVG path data, and its last point."""

    line: str
    area: str
    x: float
    y: float


def spark(
    values: Sequence[float | None], *, width: float, height: float, pad: float = 3
) -> Spark | None:
    """Return the sparkline through `values`, oldest first, `pad` above and below; None below two known.

    A missing value is bridged. Equal values give a line at half height.
    """
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    low, high = min(v for _, v in known), max(v for _, v in known)
    step = width / (len(values) - 1)
    scale = (height - 2 * pad) / (high - low) if high > low else 0
    middle = height / 2

    def point(i: int, value: float) -> tuple[float, float]:
        y = height - pad - (value - low) * scale if scale else middle
        return round(i * step, 1), round(y, 1)

    points = [point(i, v) for i, v in known]
    line = "M" + " L".join(f"{x} {y}" for x, y in points)
    area = f"{line} L{points[-1][0]} {height} L{points[0][0]} {height} Z"
    return Spark(line, area, *points[-1])


@dataclass(frozen=True, slots=True)
class Interval:
    """Positions on a 0-100 track: the dot, the ends of its interval and, if there is one, the goal."""

    value: float
    low: float
    high: float
    goal: float | None = None

    @property
    def width(self) -> float:
        """Return the interval's length, at least wide enough to be seen."""
        return max(self.high - self.low, 1.0)


def interval(value: float, low: float, high: float, goal: float | None = None) -> Interval:
    """Check and return an interval on the 0-100 track.

    Raises:
        ValueError: not 0 <= low <= value <= high <= 100.
    """
    if not 0 <= low <= value <= high <= 100:  # noqa: PLR2004 - the track's end
        raise ValueError(f"not an interval on 0-100: {low} <= {value} <= {high}")
    return Interval(value, low, high, goal)


@dataclass(frozen=True, slots=True)
class Arc:
    """One segment of a ring: its path, the point of its label and the point of its mark."""

    path: str
    x: float
    y: float
    angle: float


def ring(count: int, *, radius: float, centre: float, gap: float) -> list[Arc]:
    """Return `count` equal arcs clockwise from the top, `gap` degrees apart.

    Raises:
        ValueError: fewer than two segments.
    """
    if count < 2:  # noqa: PLR2004 - a ring of one is a circle
        raise ValueError("a ring needs at least two segments")
    sweep = 360 / count

    def at(degrees: float, r: float = radius) -> tuple[float, float]:
        turn = math.radians(degrees - 90)
        return round(centre + r * math.cos(turn), 2), round(centre + r * math.sin(turn), 2)

    arcs = []
    for i in range(count):
        start, end = i * sweep + gap / 2, (i + 1) * sweep - gap / 2
        (x1, y1), (x2, y2) = at(start), at(end)
        middle = (start + end) / 2
        arcs.append(Arc(f"M{x1} {y1} A{radius} {radius} 0 0 1 {x2} {y2}", *at(middle), middle))
    return arcs
