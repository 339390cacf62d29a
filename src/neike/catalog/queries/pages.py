"""What the public page of a service shows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from neike.catalog.choices import (
    ApproverRule,
    Priority,
    StandardState,
    StepKind,
    TargetMetric,
)
from neike.catalog.models import Service, ServiceStandard, StandardStep
from neike.catalog.queries.history import VersionOnPage, history
from neike.catalog.queries.hours import hours_in_words, working_day
from neike.catalog.queries.standards import promises
from neike.kernel.texts import LocalizedText
from neike.org.queries import OrgChart


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One metric: its name, what it means, and (priority, working seconds), most urgent first."""

    metric: str
    label: str
    meaning: str
    cells: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class StepOnPage:
    """One step with the name of who does it; `hands_over` when the next step is another department's."""

    step: StandardStep
    department: str
    hands_over: bool


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A service's promise, ready to be shown. `day` is a working day's length in seconds."""

    service: Service
    standard: ServiceStandard | None
    day: int
    priorities: tuple[str, ...]
    promises: tuple[PromiseRow, ...]
    steps: tuple[StepOnPage, ...]
    criteria: tuple[LocalizedText, ...]
    hours: tuple[str, ...]
    pauses: tuple[str, ...]
    versions: tuple[VersionOnPage, ...]


def service_page(service: Service, chart: OrgChart) -> ServicePage:
    """Return everything the service's page shows, in a fixed number of queries."""
    versions = tuple(history(service))
    standard = next((each.standard for each in versions if each.is_current), None)
    return _page(service, standard, chart, versions)


def standard_page(standard: ServiceStandard, chart: OrgChart) -> ServicePage:
    """Return what a page shows of one version of a service's promise, whether it is still in force or not."""
    return _page(standard.service, standard, chart, ())


def _page(
    service: Service,
    standard: ServiceStandard | None,
    chart: OrgChart,
    versions: tuple[VersionOnPage, ...],
) -> ServicePage:
    return ServicePage(
        service=service,
        standard=standard,
        day=working_day(standard.calendar) if standard else 0,
        priorities=tuple(str(priority.label) for priority in Priority),
        promises=tuple(_promises(standard)) if standard else (),
        steps=tuple(_steps(standard, chart)) if standard else (),
        criteria=tuple(map(LocalizedText.from_json, standard.quality_criteria)) if standard else (),
        hours=tuple(hours_in_words(standard.calendar)) if standard else (),
        pauses=tuple(_pauses(standard)) if standard else (),
        versions=versions,
    )


def draft_of(service: Service) -> ServiceStandard | None:
    """Return the draft of the next version of a service's standard, or None."""
    return service.standards.filter(state=StandardState.DRAFT).select_related("calendar").first()


def _promises(standard: ServiceStandard) -> list[PromiseRow]:
    meanings = {
        TargetMetric.ACCEPTANCE: _("until the department that gets the work takes it on"),
        TargetMetric.FIRST_RESPONSE: _(
            "until a person answers you; automatic replies do not count"
        ),
        TargetMetric.NEXT_RESPONSE: _("until we answer when you write again"),
        TargetMetric.LEG_DELIVERY: _("until a department delivers its part of the work"),
        TargetMetric.END_TO_END: _("from your request to the result"),
        TargetMetric.APPROVAL: _("until whoever must approve decides"),
    }
    matrix = promises(standard)
    rows = [
        PromiseRow(
            metric.value,
            str(metric.label),
            meanings[metric],
            tuple(
                (str(Priority(priority).label), by_metric.get(metric.value))
                for priority, by_metric in matrix.items()
            ),
        )
        for metric in (
            TargetMetric.FIRST_RESPONSE,
            TargetMetric.END_TO_END,
            TargetMetric.NEXT_RESPONSE,
            TargetMetric.ACCEPTANCE,
            TargetMetric.LEG_DELIVERY,
            TargetMetric.APPROVAL,
        )
    ]
    return [row for row in rows if any(seconds for _priority, seconds in row.cells)]


def _steps(standard: ServiceStandard, chart: OrgChart) -> list[StepOnPage]:
    steps = list(standard.steps.all())
    following = [*steps[1:], None][: len(steps)]
    return [
        StepOnPage(
            step,
            _who(step, standard, chart),
            after is not None and after.department_id != step.department_id,
        )
        for step, after in zip(steps, following, strict=True)
    ]


def _who(step: StandardStep, standard: ServiceStandard, chart: OrgChart) -> str:
    """Return the department of a step, or of an approval who is asked, as far as it is the same for everybody."""
    if step.kind == StepKind.APPROVAL:
        rules = [ApproverRule(each["by"]) for each in step.approvers]
        return _(", ").join(str(each.label) for each in dict.fromkeys(rules))
    return chart.name(step.department_id or standard.service.department_id)


def _pauses(standard: ServiceStandard) -> list[str]:
    """Return the pause table of the clocks in words, as far as a requester cares."""
    outside = (
        _(
            "While an outside supplier keeps us waiting, the clock of the department pauses; yours runs on."
        )
        if standard.third_party_pauses
        else _("While an outside supplier keeps us waiting, the clocks run on.")
    )
    return [
        _("The clocks run in working hours only."),
        _(
            "While we wait for your answer, the clock for the result pauses; you see why and since when."
        ),
        _("While somebody must approve, the approver's own clock runs, and yours runs on."),
        outside,
        _("When work passes to another department, your clock runs on."),
    ]
