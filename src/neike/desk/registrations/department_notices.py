"""Department notices and major incidents in the registries of the kernel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from neike.desk import demo, live, policies
from neike.desk.models import DepartmentNotice
from neike.desk.queries import department_notices as queries
from neike.desk.views.department_notices import panels
from neike.kernel.audit.labels import AUDIT_ACTIONS, AUDIT_SUBJECTS, AuditAction, AuditSubject
from neike.kernel.live import TOPICS, TopicKind
from neike.kernel.registries import (
    DEMO_PARTS,
    NAVIGATION,
    SAFETY_OBJECTS,
    SERVICE_PANELS,
    TICKET_PANELS,
    DemoPart,
    NavigationEntry,
    ServicePanel,
    TicketPanel,
)
from neike.kernel.safety import append_only


def _heard(person: Any, ids: frozenset[int], now: datetime) -> Iterable[int]:  # noqa: ANN401
    """Return those of the departments whose notices the person may read; everybody's is everybody's."""
    near = queries.near_departments(policies.standing(person, now=now))
    return ids & {live.EVERYBODY, *near}


def _own(person: Any, now: datetime) -> Iterable[int]:  # noqa: ANN401 - the kernel's signature
    return (live.EVERYBODY, *queries.near_departments(policies.standing(person, now=now)))


def _describe(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name notices for the auditor by department and kind: a title may say what not every auditor may read."""
    rows = DepartmentNotice.objects.filter(public_id__in=list(ids)).select_related("department")
    return {
        str(each.public_id): (f"{each.department.code} {each.get_kind_display()}", each.path)
        for each in rows
    }


SAFETY_OBJECTS.register(append_only("desk_noticeentry"))
TOPICS.register(TopicKind(key=live.NOTICES, order=140, allowed=_heard, own=_own))
NAVIGATION.register(
    NavigationEntry(
        key="desk.department_notices",
        order=42,
        label=_("Department notices"),
        icon="flag",
        url_name="desk:department_notices",
    )
)
SERVICE_PANELS.register(
    ServicePanel(
        key="desk.notices",
        order=1,
        template="desk/department_notices/_on_service_top.html",
        context=panels.service_top,
        place="top",
    )
)
SERVICE_PANELS.register(
    ServicePanel(
        key="desk.outages",
        order=5,
        template="desk/department_notices/_on_service.html",
        context=panels.service_outages,
    )
)
TICKET_PANELS.register(
    TicketPanel(
        key="desk.incident",
        order=5,
        template="desk/department_notices/_on_ticket.html",
        context=panels.on_ticket,
    )
)
for _code, _label in (
    ("drafted", _("Department notice drafted")),
    ("changed", _("Department notice changed")),
    ("published", _("Department notice published")),
    ("updated", _("Department notice updated")),
    ("ended", _("Department notice ended")),
    ("withdrawn", _("Department notice withdrawn")),
):
    AUDIT_ACTIONS.register(AuditAction(key=f"desk.notice_{_code}", label=_label))
AUDIT_SUBJECTS.register(AuditSubject(key="desk.departmentnotice", describe=_describe))
DEMO_PARTS.register(
    DemoPart(key="desk.department_notices", order=37, load=demo.load_department_notices)
)
