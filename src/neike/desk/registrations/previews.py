"""What a change of a calendar or of the organisation does to open requests."""

from datetime import datetime

from django.utils.translation import ngettext

from neike.desk import queries
from neike.desk.queries.calendars import moves_on_calendar
from neike.desk.views import relations
from neike.engines.worktime import CalendarSpec
from neike.kernel.registries import (
    CALENDAR_PREVIEWS,
    RELATION_FIGURES,
    STRUCTURE_PREVIEWS,
    CalendarPreview,
    PreviewLine,
    RelationFigure,
    StructureChange,
    StructurePreview,
)


def _calendar_preview(calendar_id: int, spec: CalendarSpec, now: datetime) -> list[PreviewLine]:
    """Say how many open requests would move, and how many would be overdue at once."""
    moves = moves_on_calendar(calendar_id, spec, now=now)
    lines = []
    if moves.moved:
        text = ngettext(
            "%(count)d open request gets another due time.",
            "%(count)d open requests get another due time.",
            moves.moved,
        )
        lines.append(PreviewLine(text % {"count": moves.moved}))
    if moves.overdue:
        text = ngettext(
            "%(count)d request becomes overdue at once.",
            "%(count)d requests become overdue at once.",
            moves.overdue,
        )
        lines.append(PreviewLine(text % {"count": moves.overdue}, concern=True))
    return lines


RELATION_FIGURES.register(RelationFigure(key="desk.open", order=10, facts=relations.facts))


CALENDAR_PREVIEWS.register(CalendarPreview(key="desk.clocks", order=100, lines=_calendar_preview))


def _structure_preview(change: StructureChange, _now: datetime) -> list[PreviewLine]:
    """Say how many hand-overs departments that close still owe, and how many they still wait for."""
    owed, awaited = queries.open_hand_overs(change.closing)
    lines = []
    if owed:
        text = ngettext(
            "%(count)d open request was asked of what closes. Whoever it goes on in works it.",
            "%(count)d open requests were asked of what closes. Whoever it goes on in works them.",
            owed,
        )
        lines.append(PreviewLine(text % {"count": owed}, concern=not change.is_continued))
    if awaited:
        text = ngettext(
            "%(count)d open request was asked by what closes. It goes on.",
            "%(count)d open requests were asked by what closes. They go on.",
            awaited,
        )
        lines.append(PreviewLine(text % {"count": awaited}))
    return lines


STRUCTURE_PREVIEWS.register(
    StructurePreview(key="desk.requests", order=200, lines=_structure_preview)
)
