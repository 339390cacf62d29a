"""Addresses of the lists behind numbers, and what a page's reader is told of."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from neike.insights.queries.telling import Told, told_to
from neike.kernel.registries import LoopPage
from neike.org.models import Person
from neike.org.periods import Period
from neike.org.queries import OrgChart


def list_url(
    what: str,
    *,
    period: Period,
    organisation: OrgChart,
    supplier: int | None = None,
    customer: int | None = None,
    metric: str = "",
    week: date | None = None,
    within: int | None = None,
    more: Mapping[str, str] | None = None,
) -> str:
    """Return where the list is; nothing when a department named did not exist in the period.

    `within` is a department with all below; `more` are further conditions ("service", "reason", "party", "person").
    """
    values = {"what": what, "period": period.key, "metric": metric, **(more or {})}
    for side, pk in (("supplier", supplier), ("customer", customer), ("within", within)):
        if pk is not None:
            department = organisation.get(pk)
            if department is None:
                return ""
            values[side] = str(department.public_id)
    if week:
        values["week"] = week.isoformat()
    given = {name: value for name, value in values.items() if value}
    return f"{reverse('insights:list')}?{urlencode(given)}"


def of_page(
    page: LoopPage,
    what: str,
    *,
    customer: int | None = None,
    metric: str = "",
    week: date | None = None,
) -> str:
    """Return the list about the department and the period of a loop page."""
    return list_url(
        what,
        period=page.period,
        organisation=page.organisation,
        supplier=page.department.id,
        customer=customer,
        metric=metric,
        week=week,
    )


def told_on(page: LoopPage) -> Told:
    """Return what the reader of a loop page is told of.

    Raises:
        TypeError: nobody is signed in.
    """
    if not isinstance(page.person, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    return told_to(page.person, now=page.now)
