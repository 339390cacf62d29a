"""What stands about notices on the pages of services and requests."""

from datetime import datetime
from typing import Any

from neike.desk import forms, policies
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
    """Return the incidents a request belongs to, and the form to link it to one that is open."""
    who = policies.standing(person, now=now)
    beside = queries.incidents_beside(who, ticket, now=now)
    offers = beside.has_others and queries.is_linkable(ticket)
    if not beside.linked and not offers:
        return {}
    may_link = bool(policies.may_link_incident(who, ticket))
    form = None
    if offers and may_link:
        form = forms.LinkIncidentForm(incidents=beside.others, auto_id="link-%s")
    if not beside.linked and form is None:
        return {}
    return {"ticket": ticket, "incidents": beside.linked, "form": form, "may_link": may_link}
