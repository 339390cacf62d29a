"""Writing a service standard and putting it into force. What is published is never changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from neike.catalog.actions.content import (
    StandardContent,
    StepContent,
    check_content,
    condition_problems,
    publishing_problems,
)
from neike.catalog.actions.errors import StandardRefusedError
from neike.catalog.actions.services import locked
from neike.catalog.choices import StandardState
from neike.catalog.events import StandardPublished
from neike.catalog.models import Service, ServiceStandard, StandardStep, StandardTarget
from neike.kernel.audit.actions import record
from neike.kernel.outbox import announce
from neike.kernel.texts import LocalizedText
from neike.org.models import Person


@transaction.atomic
def draft_standard(
    *, service: Service, content: StandardContent, by: Person | None, now: datetime
) -> ServiceStandard:
    """Write the draft of a service's next standard, replacing an earlier draft; nothing is promised yet.

    Raises:
        PermissionDenied: `by` may not edit this service.
        StandardRefusedError: targets, calendar or steps cannot be used; a sentence for each.
    """
    service = locked(service, by, now)
    check_content(content)
    standard = service.standards.filter(state=StandardState.DRAFT).first() or ServiceStandard(
        service=service,
        version=(service.standards.aggregate(newest=Max("version"))["newest"] or 0) + 1,
    )
    fill(standard, content)
    standard.save()
    standard.targets.all().delete()
    standard.steps.all().delete()
    StandardTarget.objects.bulk_create(targets_of(standard, content))
    StandardStep.objects.bulk_create(steps_of(standard, content))
    record(
        action="catalog.standard_drafted",
        subject=service,
        by=by,
        now=now,
        after={"version": standard.version, "targets": content.targets},
    )
    return standard


@transaction.atomic
def publish_standard(
    *, standard: ServiceStandard, by: Person | None, now: datetime
) -> ServiceStandard:
    """Put a drafted standard into force for requests made from now on; those running keep theirs (R16).

    Raises:
        PermissionDenied: `by` may not edit this service.
        StandardRefusedError: it is published already, or lacks a target it must have.
    """
    service = locked(standard.service, by, now)
    standard = ServiceStandard.objects.select_for_update().get(pk=standard.pk)
    if standard.state == StandardState.PUBLISHED:
        raise StandardRefusedError(_("This version is published; write a new one to change it."))
    problems = publishing_problems(targets_by_metric(standard))
    problems += plan_problems(standard, service.form.fields if service.form else [])
    if problems:
        raise StandardRefusedError(problems)
    before = service.standard
    standard.state = StandardState.PUBLISHED
    standard.published_at = now
    standard.published_by = by
    standard.save(update_fields=["state", "published_at", "published_by"])
    service.standard = standard
    service.version += 1
    service.save(update_fields=["standard", "version"])
    record(
        action="catalog.standard_published",
        subject=service,
        by=by,
        now=now,
        before={"version": before.version if before else None},
        after={"version": standard.version},
    )
    announce(
        StandardPublished(service_id=service.pk, standard_id=standard.pk, version=standard.version),
        aggregate=f"service:{service.pk}",
        now=now,
    )
    return standard


@transaction.atomic
def discard_draft(*, service: Service, by: Person | None, now: datetime) -> None:
    """Throw the draft of a service's next standard away, if there is one.

    Raises:
        PermissionDenied: `by` may not edit this service.
    """
    service = locked(service, by, now)
    draft = service.standards.filter(state=StandardState.DRAFT).first()
    if draft is None:
        return
    record(
        action="catalog.standard_discarded",
        subject=service,
        by=by,
        now=now,
        before={"version": draft.version},
    )
    draft.delete()


def plan_problems(standard: ServiceStandard, fields: list[dict[str, Any]]) -> list[str]:
    """Return why the plan of a standard cannot be carried out with these fields of a form."""
    steps = standard.steps.filter(automatic=True)
    return condition_problems(((step.title, step.show_if) for step in steps), fields)


def targets_by_metric(standard: ServiceStandard) -> dict[str, dict[str, int]]:
    """Return the stored targets as `targets[metric][priority]` in seconds."""
    found: dict[str, dict[str, int]] = {}
    for target in standard.targets.all():
        found.setdefault(target.metric, {})[target.priority] = target.seconds
    return found


def fill(standard: ServiceStandard, content: StandardContent) -> None:
    """Set the standard's own columns."""
    standard.calendar = content.calendar
    standard.third_party_pauses = content.third_party_pauses
    standard.default_priority = content.default_priority
    standard.quality_criteria = [each.as_json() for each in content.quality_criteria]
    standard.promise = content.promise
    standard.steps_join = content.steps_join


def targets_of(standard: ServiceStandard, content: StandardContent) -> list[StandardTarget]:
    """Return the rows of the targets, not yet stored."""
    return [
        StandardTarget(standard=standard, metric=metric, priority=priority, seconds=seconds)
        for metric, by_priority in content.targets.items()
        for priority, seconds in by_priority.items()
    ]


def with_plan_of(standard: ServiceStandard | None, content: StandardContent) -> StandardContent:
    """Return the content with the plan of a stored standard instead of its own."""
    if standard is None:
        return content
    steps = tuple(map(step_content, standard.steps.select_related("department")))
    return replace(content, steps=steps, steps_join=standard.steps_join)


def content_of(standard: ServiceStandard) -> StandardContent:
    """Return a stored standard as it may be written again."""
    content = StandardContent(
        calendar=standard.calendar,
        targets=targets_by_metric(standard),
        promise=standard.promise,
        default_priority=standard.default_priority,
        third_party_pauses=standard.third_party_pauses,
        quality_criteria=tuple(map(LocalizedText.from_json, standard.quality_criteria)),
    )
    return with_plan_of(standard, content)


def step_content(step: StandardStep) -> StepContent:
    """Return a stored step as it may be written again."""
    return StepContent(
        department=step.department,
        title=step.title,
        mode=step.mode,
        seconds=step.seconds,
        key=step.key,
        kind=step.kind,
        automatic=step.automatic,
        after=tuple(step.after),
        join=step.join,
        show_if=step.show_if,
        checklist=tuple(map(LocalizedText.from_json, step.checklist)),
        approvers=tuple(step.approvers),
        quorum=step.quorum,
    )


def steps_of(standard: ServiceStandard, content: StandardContent) -> list[StandardStep]:
    """Return the rows of the steps, not yet stored, numbered from 1."""
    return [
        StandardStep(
            standard=standard,
            order=number,
            department=step.department,
            title=step.title,
            mode=step.mode,
            seconds=step.seconds,
            key=step.key,
            kind=step.kind,
            automatic=step.automatic,
            after=list(step.after),
            join=step.join,
            show_if=dict(step.show_if),
            checklist=[each.as_json() for each in step.checklist],
            approvers=[dict(each) for each in step.approvers],
            quorum=step.quorum,
        )
        for number, step in enumerate(content.steps, start=1)
    ]
