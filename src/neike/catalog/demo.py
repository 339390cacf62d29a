"""The demo company's catalogue: the shipped services, a catch-all everywhere, and two improved promises."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from neike.catalog import actions, exchange
from neike.catalog.actions.content import StandardContent
from neike.catalog.actions.standards import step_content, targets_by_metric
from neike.catalog.models import Service, ServiceStandard
from neike.kernel.demo import Company, moment
from neike.kernel.texts import LocalizedText
from neike.org.choices import LeadKind
from neike.org.demo.departments import SERVING, WANTED
from neike.org.models import Department, DepartmentLead

_TIGHTENED: Final = {
    "it-network-vpn": (0.75, "半年来多数在三小时内办结，承诺随之收紧。", "Most were solved within three hours, so the promise follows."),
    "hr-employment-certificate": (0.67, "用印改为随到随办，一个工作日缩短到五小时。", "Seals no longer wait for a fixed hour: five hours instead of a day."),
}  # fmt: skip
"""Services whose second standard is published half-way: the factor on all targets, and why."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A service with its standards, oldest first, each with the moment it came into force."""

    service: Service
    standards: tuple[tuple[datetime, ServiceStandard], ...]

    def standard_at(self, at: datetime) -> ServiceStandard:
        """Return the standard in force at a moment."""
        held = [standard for since, standard in self.standards if since <= at]
        return held[-1] if held else self.standards[0][1]


def load(company: Company) -> None:
    """Publish the catalogue; later parts find it in `company.shared["catalogue"]`.

    Its keys are those of the services, and the department's key for "Something else".
    """
    departments, calendars = company.shared["departments"], company.shared["calendars"]
    at = moment(date(company.begins.year - 1, 2, 1), 600)
    exchange.load_seed({key: departments[key] for key in SERVING}, calendar=calendars["cn"], now=at)
    at_home = [departments[each.key] for each in WANTED if each.key != "intl"]
    actions.ensure_catch_alls(at_home, calendar=calendars["cn"], now=at)
    actions.ensure_catch_all(departments["intl"], calendar=calendars["de"], now=at)
    _name_owners(departments.values())
    for key, (factor, zh, en) in _TIGHTENED.items():
        _tighten(company, key, factor, LocalizedText.of(zh=zh, en=en))
    company.shared["catalogue"] = _catalogue(company)
    company.progress(f"  {len(company.shared['catalogue'])} services")


def _name_owners(departments: Iterable[Department]) -> None:
    """Let every department's deputy own its services."""
    deputies = dict(
        DepartmentLead.objects.filter(kind=LeadKind.DEPUTY, department__in=departments).values_list(
            "department_id", "person_id"
        )
    )
    services = list(Service.objects.filter(department__in=deputies))
    for service in services:
        service.owner_id = deputies[service.department_id]
    Service.objects.bulk_update(services, ["owner"])


def _tighten(company: Company, key: str, factor: float, promise: LocalizedText) -> None:
    service = Service.objects.select_related("standard", "standard__calendar").get(key=key)
    held = service.standard
    assert held is not None  # noqa: S101 - published above
    targets = {
        metric: {priority: max(60, round(seconds * factor)) for priority, seconds in each.items()}
        for metric, each in targets_by_metric(held).items()
    }
    content = StandardContent(
        calendar=held.calendar,
        targets=targets,
        promise=promise,
        default_priority=held.default_priority,
        third_party_pauses=held.third_party_pauses,
        quality_criteria=tuple(map(LocalizedText.from_json, held.quality_criteria)),
        steps=tuple(
            replace(step_content(step), seconds=step.seconds and round(step.seconds * factor))
            for step in held.steps.select_related("department")
        ),
        steps_join=held.steps_join,
    )
    at = moment(company.halfway, 600)
    draft = actions.draft_standard(service=service, content=content, by=None, now=at)
    actions.publish_standard(standard=draft, by=None, now=at)


def _catalogue(company: Company) -> dict[str, Offered]:
    keys = {each.pk: key for key, each in company.shared["departments"].items()}
    services = (
        Service.objects.select_related("form", "standard")
        .prefetch_related("standards__steps")
        .order_by("order", "key")
    )
    found: dict[str, Offered] = {}
    for service in services:
        standards = sorted(service.standards.all(), key=lambda each: each.version)
        since = [(each.published_at, each) for each in standards if each.published_at]
        name = keys[service.department_id] if service.is_catch_all else service.key
        found[name] = Offered(service, tuple(since))
    return found
