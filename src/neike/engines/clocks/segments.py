"""Turns the segments of a leg's life into the pauses of its clocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from neike.engines.clocks.errors import SegmentError
from neike.engines.clocks.vocabulary import Metric, WaitingOn, pauses
from neike.engines.worktime import Pause, PreparedCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch in which one party had the ball; half-open; `end` None: still."""

    start: datetime
    end: datetime | None
    waiting_on: WaitingOn


def clock_pauses(
    segments: Sequence[Segment], metric: Metric, *, third_party_pauses: bool
) -> tuple[Pause, ...]:
    """Return the spans in which the pause table stops a metric's clock, ascending, neighbours joined.

    `third_party_pauses` is what the service standard allows for outside suppliers. Spans in which a clock does not
    exist (such as the approval clock while the supplier works) are not pauses: its events start and stop it.

    Raises:
        SegmentError: a segment ends before it starts, leaves a gap or overlaps; names its index and times.
    """
    joined: list[Pause] = []
    for segment in _checked(segments):
        if (
            not pauses(metric, segment.waiting_on, third_party_pauses=third_party_pauses)
            or segment.start == segment.end
        ):
            continue
        if joined and joined[-1][1] == segment.start:
            joined[-1] = (joined[-1][0], segment.end)
        else:
            joined.append((segment.start, segment.end))
    return tuple(joined)


def time_by_wait(
    segments: Sequence[Segment], calendar: PreparedCalendar, *, at: datetime
) -> dict[WaitingOn, timedelta]:
    """Return the working time spent waiting on each party by `at`; every party is there, many with zero.

    The shares add up to the working time between the first segment's start and the last one's end (or `at`).

    Raises:
        SegmentError: as in `clock_pauses`.
    """
    shares = dict.fromkeys(WaitingOn, timedelta())
    for segment in _checked(segments):
        end = at if segment.end is None else min(segment.end, at)
        if end > segment.start:
            shares[segment.waiting_on] += calendar.worked_between(segment.start, end)
    return shares


def _checked(segments: Sequence[Segment]) -> Iterable[Segment]:
    for index, segment in enumerate(segments):
        if segment.end is not None and segment.end < segment.start:
            raise SegmentError(index, segment.start, segment.end, "ends before it starts")
        if segment.end is None and index < len(segments) - 1:
            raise SegmentError(index, segment.start, segment.end, "has no end but others follow")
        before = segments[index - 1].end if index else segment.start
        if before != segment.start:
            raise SegmentError(
                index,
                segment.start,
                segment.end,
                f"does not begin where the one before ends, {before}",
            )
        yield segment
