"""What follows once a request is made: who approves and who works on it, said before it is sent."""

from neike.catalog.choices import StepKind
from neike.catalog.models import Service
from neike.desk import queries
from neike.desk.display import plan
from neike.desk.models import Ticket
from neike.desk.views.reading import Reader
from neike.org import queries as org_queries


def steps(who: Reader, service: Service) -> list[plan.StepToCome]:
    """Return the plan of a service for the reader, approvers by name; empty where there is none."""
    standard = service.standard
    if standard is None:
        return []
    rows = list(standard.steps.filter(automatic=True).order_by("order"))
    if not rows:
        return []
    on = org_queries.organisation_day(who.now)
    department = org_queries.department_of(who.person, on=on)
    if department is None:
        return []
    imagined = Ticket(requester=who.person, customer=department, service=service)
    approvers = {
        row.key: [one.name for one in queries.approvers(imagined, row.approvers, on=on)]
        for row in rows
        if row.kind == StepKind.APPROVAL
    }
    return plan.outlook(rows, owner_id=service.department_id, chart=who.chart, approvers=approvers)
