"""Escalation in the registries of the kernel: who was told of a request's promises."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.desk import demo, policies
from neike.desk.choices import EscalationWhom
from neike.desk.models import PromiseTold, Ticket
from neike.desk.queries import escalation as queries
from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.registries import DEMO_PARTS, TICKET_PANELS, DemoPart, TicketPanel
from neike.org.models import Person

_PERCENT = {"75", "100"}


def _told(person: Any, ticket: Ticket, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - the registry's signature
    """Return who was told and why, for those who serve; one query, and one for their names if there are any."""
    rows = queries.told_of(ticket)
    if not rows or not policies.may_read_internal(policies.standing(person, now=now), ticket):
        return {}
    ids = {pk for row in rows for pk, _why in row.people}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    return {
        "rows": [
            {
                "at": row.told_at,
                "what": _what(row),
                "people": [(names.get(pk, ""), _why(why)) for pk, why in row.people],
            }
            for row in rows
        ]
    }


def _what(row: PromiseTold) -> str:
    promise = row.clock.get_metric_display()
    if row.mark in _PERCENT:
        return _("%(promise)s: %(percent)s %% of the time used") % {
            "promise": promise,
            "percent": row.mark,
        }
    hours = int(row.mark.partition(":")[0]) / 60
    return _("%(promise)s: late by %(hours)s working hours") % {
        "promise": promise,
        "hours": f"{hours:g}",
    }


def _why(code: str) -> str:
    own = {
        queries.ASSIGNEE: gettext_lazy("works on it"),
        queries.APPROVER: gettext_lazy("is asked to approve"),
    }
    return str(own[code] if code in own else EscalationWhom(code).label)


TICKET_PANELS.register(
    TicketPanel(key="desk.told", order=90, template="desk/escalation/_told.html", context=_told)
)
AUDIT_ACTIONS.register(
    AuditAction(key="desk.escalation", label=gettext_lazy("Escalation steps changed"))
)
DEMO_PARTS.register(DemoPart(key="desk.notices", order=38, load=demo.load_notices))
