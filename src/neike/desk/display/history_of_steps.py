"""What happened with approvals and tasks of a request, one sentence for each event."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from neike.desk.choices import EventKind
from neike.desk.models import TicketEvent
from neike.kernel.texts import LocalizedText


def _title(event: TicketEvent) -> str:
    return str(LocalizedText.from_json(event.data.get("title", {})))


def _person(event: TicketEvent, names: Any, key: str = "person") -> str:  # noqa: ANN401 - `history.Names`
    return str(names.people.get(event.data.get(key), "?"))


def _asked(event: TicketEvent, names: Any) -> str:  # noqa: ANN401
    people = _(", ").join(names.people.get(person, "?") for person in event.data["approvers"])
    return _("asked %(people)s to approve: %(what)s") % {"people": people, "what": _title(event)}


def _given(event: TicketEvent, names: Any) -> str:  # noqa: ANN401
    if event.by_id == event.data["person"]:
        return _("approved")
    return _("approved for %(person)s") % {"person": _person(event, names)}


def _refused(event: TicketEvent, names: Any) -> str:  # noqa: ANN401
    if event.by_id == event.data["person"]:
        return _("did not approve")
    return _("did not approve, for %(person)s") % {"person": _person(event, names)}


def _moved(event: TicketEvent, names: Any) -> str:  # noqa: ANN401
    if event.data.get("to") is None:
        return _("%(person)s is not asked any more") % {"person": _person(event, names)}
    return _("asked %(to)s to approve in place of %(person)s") % {
        "to": _person(event, names, "to"),
        "person": _person(event, names),
    }


def _assigned(event: TicketEvent, names: Any) -> str:  # noqa: ANN401
    if event.data["person"] is None:
        return _("gave a task back to the department")
    return _("gave a task to %(person)s") % {"person": _person(event, names)}


def _ticked(event: TicketEvent, _names: Any) -> str:  # noqa: ANN401
    what = {"number": event.data["item"] + 1}
    if event.data["done"]:
        return _("ticked point %(number)d of a checklist") % what
    return _("took the tick from point %(number)d of a checklist") % what


def _opened(event: TicketEvent, _names: Any) -> str:  # noqa: ANN401
    return _("opened the task: %(what)s") % {"what": _title(event)}


def _skipped(event: TicketEvent, _names: Any) -> str:  # noqa: ANN401
    if event.data.get("automatic"):
        return _("left out “%(what)s”, because nobody but the requester could approve it") % {
            "what": _title(event)
        }
    return _("left out the step “%(what)s”") % {"what": _title(event)}


SENTENCES: Final[Mapping[str, Callable[[TicketEvent, Any], str]]] = {
    EventKind.REJECTED: lambda _event, _names: _("ended the request: it is not approved"),
    EventKind.LEG_RELEASED: lambda _event, _names: _("let the work begin"),
    EventKind.APPROVAL_ASKED: _asked,
    EventKind.APPROVAL_GIVEN: _given,
    EventKind.APPROVAL_REFUSED: _refused,
    EventKind.APPROVAL_MOVED: _moved,
    EventKind.APPROVAL_WITHDRAWN: lambda _event, _names: _("needs the approval no more"),
    EventKind.TASK_OPENED: _opened,
    EventKind.TASK_ASSIGNED: _assigned,
    EventKind.TASK_TICKED: _ticked,
    EventKind.TASK_DONE: lambda _event, _names: _("finished a task"),
    EventKind.TASK_REOPENED: lambda _event, _names: _("reopened a task"),
    EventKind.TASK_DROPPED: lambda _event, _names: _("dropped a task"),
    EventKind.STEP_SKIPPED: _skipped,
    EventKind.INCIDENT_LINKED: lambda _event, _names: _("linked it to a major incident"),
    EventKind.INCIDENT_UNLINKED: lambda _event, _names: _("took it from a major incident"),
}
