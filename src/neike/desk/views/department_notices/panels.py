"""What stands about notices on the pages of services and requests."""

from datetime import datetime
from typing import Any

from neike.desk import forms, policies
from neike.desk.models import DepartmentNotice
from neike.desk.queries import department_notices as queries
from neike.desk.views.department_notices.reading import banner_context
from neike.desk.views.reading import Reader


def service_top(person: Any, service: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - the kernel's signature
    """Return the banners about a service."""
    return banner_context(Reader(person, now), service)


def service_outages(person: Any, service: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401
    """Return the planned outages of a service; nothing where none is."""
    found = queries.upcoming_outages(policies.standing(person, now=now), service, now=now)
    return {"outages": found} if found else {}


def on_ticket(person: Any, ticket: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401
    """Return the incidents a request belongs to, and the form to link it to one that is open; two queries."""
    who = policies.standing(person, now=now)
    incidents = queries.incidents_of(who, ticket)
    linkable = queries.is_linkable(ticket) and queries.any_incident(now)
    may_link = bool(incidents or linkable) and bool(policies.may_link_incident(who, ticket))
    form = _form(who, incidents, now) if linkable and may_link else None
    if not incidents and form is None:
        return {}
    return {"ticket": ticket, "incidents": incidents, "form": form, "may_link": may_link}


def _form(
    who: policies.Standing, linked: list[DepartmentNotice], now: datetime
) -> forms.LinkIncidentForm | None:
    """Return the choice of open incidents the request is not linked to; None where there is none."""
    others = queries.open_incidents(who, now=now).exclude(pk__in=[each.pk for each in linked])
    if not others.exists():
        return None
    return forms.LinkIncidentForm(incidents=others.order_by("-starts_at", "pk"), auto_id="link-%s")
