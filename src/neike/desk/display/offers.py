"""What each department offers to the others in a hand-over, with the promise in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import TargetMetric
from neike.catalog.models import Service, ServiceStandard
from neike.desk.display import times
from neike.kernel.stamps import Kept
from neike.org import queries as org_queries
from neike.org.queries import OrgChart


@dataclass(frozen=True, slots=True)
class Offer:
    """One line to choose from. `service` None is the department's general promise."""

    key: str
    department_id: int
    department_public_id: UUID
    department_name: str
    service: Service | None
    label: str


_offers: Kept[tuple[date, str, int, str], tuple[Offer, ...]] = Kept("catalog", "org_chart", "staff")


def offers(chart: OrgChart, *, priority: str, without: int) -> Sequence[Offer]:
    """Return what active departments but `without` offer, in the chart's order; kept until one of them changes.

    Departments in which nobody works are left out: what is handed to them would lie there.
    A department without a catch-all service of its own is offered with the promise it inherits.
    """
    key = (chart.on, priority, without, get_language() or "")
    return _offers.get(key, lambda: tuple(_all_offers(chart, priority, without)))


def _all_offers(chart: OrgChart, priority: str, without: int) -> Iterator[Offer]:
    others = [each for _depth, each in chart.walk() if each.is_active and each.id != without]
    staffed = org_queries.staffed([each.id for each in others], on=chart.on)
    active = [each for each in others if each.id in staffed]
    by_department: dict[int, list[Service]] = {}
    for service in sorted(catalog_queries.published(), key=lambda each: each.is_catch_all):
        by_department.setdefault(service.department_id, []).append(service)
    general = _general([d.id for d in active if not _has_catch_all(by_department.get(d.id, ()))])
    for department in active:
        name = str(department.name)
        lines = [
            (str(each.public_id), each, _label(_name_of(each), each.standard, priority))
            for each in by_department.get(department.id, ())
        ]
        for key, service, label in lines:
            yield Offer(key, department.id, department.public_id, name, service, label)
        if department.id in general:
            label = _label(_("Something else"), general[department.id], priority)
            key = str(department.public_id)
            yield Offer(key, department.id, department.public_id, name, None, label)


def _has_catch_all(services: Iterable[Service]) -> bool:
    return any(service.is_catch_all for service in services)


def _general(departments: list[int]) -> dict[int, ServiceStandard]:
    try:
        return catalog_queries.standards_for(departments)
    except catalog_queries.StandardMissingError:
        return {}


def _name_of(service: Service) -> str:
    return _("Something else") if service.is_catch_all else str(service.name)


def _label(name: str, standard: ServiceStandard | None, priority: str) -> str:
    if standard is None:
        return name
    promised = catalog_queries.promise(standard, priority)
    calendar = org_queries.prepared_calendar(standard.calendar)
    accept = promised.get(TargetMetric.ACCEPTANCE)
    deliver = promised.get(TargetMetric.LEG_DELIVERY) or promised.get(TargetMetric.END_TO_END)
    words = []
    if accept:
        words.append(_("accepts within %(time)s") % {"time": times.working(accept, calendar)})
    if deliver:
        words.append(_("delivers within %(time)s") % {"time": times.working(deliver, calendar)})
    return (
        _("%(service)s – %(promise)s") % {"service": name, "promise": _(", ").join(words)}
        if words
        else name
    )
