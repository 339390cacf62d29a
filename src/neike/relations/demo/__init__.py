"""The demo company's relations: stated a year ago, most of them confirmed, some still under discussion."""

from datetime import datetime, timedelta
from typing import Final

from neike.kernel.demo import Company, moment
from neike.org import queries as org_queries
from neike.org.models import Department, Person
from neike.org.queries import OrgChart
from neike.relations import actions
from neike.relations.actions.chart import follow_chart
from neike.relations.choices import Side
from neike.relations.demo import needs
from neike.relations.demo.templates import CONTESTED, ONE_SIDED, TEMPLATES, Pair, Served
from neike.relations.models import ServiceRelation

_DAYS: Final = 14
"""In so many days after the history's begin every department has said whom it serves."""
_MINUTES: Final = 9 * 60 + 30


def load(company: Company) -> None:
    """Let the departments state whom they serve and what they need, and the chart propose the rest."""
    leads = _leads(company)
    found: dict[Pair, ServiceRelation] = {}
    for place, template in enumerate(TEMPLATES):
        at = moment(company.begins + timedelta(days=place % _DAYS), _MINUTES + place // _DAYS * 20)
        found[template.provider, template.customer] = _stated(company, template, leads, at)
    needs.load(company, found, leads)
    proposed = follow_chart(now=company.until)
    company.progress(f"  {len(found)} service relations, {proposed} proposed by the chart")


def _stated(
    company: Company, template: Served, leads: dict[str, Person], at: datetime
) -> ServiceRelation:
    """State a relation as its provider's lead, and let the customer's lead answer three days later."""
    departments: dict[str, Department] = company.shared["departments"]
    relation = actions.declare(
        provider=departments[template.provider],
        customer=departments[template.customer],
        kind=template.kind,
        closeness=template.closeness,
        by=leads[template.provider],
        side=Side.PROVIDER,
        now=at,
    )
    pair = template.provider, template.customer
    if pair in ONE_SIDED:
        return relation
    later, by = at + timedelta(days=3), leads[template.customer]
    if pair in CONTESTED:
        return actions.contest(
            relation=relation,
            by=by,
            reason=CONTESTED[pair][0],
            version=relation.version,
            side=Side.CUSTOMER,
            now=later,
        )
    return actions.confirm(
        relation=relation, by=by, version=relation.version, side=Side.CUSTOMER, now=later
    )


def _leads(company: Company) -> dict[str, Person]:
    """Return who leads each department, by the department's key."""
    chart: OrgChart = org_queries.chart(on=company.begins)
    departments: dict[str, Department] = company.shared["departments"]
    ids = {key: chart.lead(department.pk) for key, department in departments.items()}
    people = Person.objects.in_bulk([lead.person_id for lead in ids.values() if lead])
    return {key: people[lead.person_id] for key, lead in ids.items() if lead}
