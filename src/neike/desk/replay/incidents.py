"""To which major incidents a request belongs, read from its log. It moves no clock and no state."""

from neike.desk.replay.course import Course
from neike.desk.replay.facts import Event, IllegalEventError, IncidentFacts


def linked(course: Course, event: Event) -> None:
    """The request belongs to an incident from now on."""
    notice: int = event.data["incident"]
    known = course.incidents.get(notice)
    if known is not None and known.unlinked_at is None:
        raise IllegalEventError(event, "the request is linked to this incident")
    course.incidents[notice] = IncidentFacts(
        notice_id=notice, linked_at=event.at, linked_by_id=event.by_id, unlinked_at=None
    )


def unlinked(course: Course, event: Event) -> None:
    """The request belongs to the incident no more."""
    notice: int = event.data["incident"]
    known = course.incidents.get(notice)
    if known is None or known.unlinked_at is not None:
        raise IllegalEventError(event, "the request is not linked to this incident")
    course.incidents[notice] = IncidentFacts(
        notice_id=notice,
        linked_at=known.linked_at,
        linked_by_id=known.linked_by_id,
        unlinked_at=event.at,
    )
