"""Publishing many services at once: the seed catalogue, the demo company, an import."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from neike.catalog import form_schema
from neike.catalog.actions.content import (
    StandardContent,
    calendar_problems,
    condition_problems,
    content_problems,
    publishing_problems,
)
from neike.catalog.actions.errors import FormRefusedError, StandardRefusedError
from neike.catalog.actions.services import ServiceFields, check_fields
from neike.catalog.actions.standards import fill, steps_of, targets_of
from neike.catalog.choices import ServiceState, StandardState
from neike.catalog.events import ServiceChanged
from neike.catalog.models import (
    FormVersion,
    Service,
    ServiceStandard,
    StandardStep,
    StandardTarget,
)
from neike.kernel.audit.actions import record
from neike.kernel.outbox import announce
from neike.org.models import Department


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """A whole service to be published: what it says, its form and its first standard."""

    department: Department
    key: str
    fields: ServiceFields
    form: list[dict[str, Any]]
    standard: StandardContent
    is_catch_all: bool = False


@transaction.atomic
def create_published(drafts: Sequence[ServiceDraft], *, now: datetime) -> list[Service]:
    """Publish whole services as the system itself, in a fixed number of statements per table.

    Services whose key is taken are left alone, so that a second run adds only what is missing. Returns the
    services that were made.

    Raises:
        ServiceRefusedError, FormRefusedError, StandardRefusedError: a draft cannot be used; nothing is stored.
    """
    taken = set(
        Service.objects.filter(key__in=[each.key for each in drafts]).values_list("key", flat=True)
    )
    fresh = [each for each in drafts if each.key not in taken]
    forms = [_checked_form(each) for each in fresh]
    services = Service.objects.bulk_create(
        Service(
            department=each.department, key=each.key, is_catch_all=each.is_catch_all, **each.fields
        )
        for each in fresh
    )
    versions = FormVersion.objects.bulk_create(
        FormVersion(service=service, version=1, fields=fields, created_at=now)
        for service, fields in zip(services, forms, strict=True)
    )
    standards = _standards(fresh, services, now)
    for service, form, standard in zip(services, versions, standards, strict=True):
        service.form, service.standard, service.state = form, standard, ServiceState.PUBLISHED
    Service.objects.bulk_update(services, ["form", "standard", "state"])
    for service in services:
        record(
            action="catalog.service_published",
            subject=service,
            by=None,
            now=now,
            after={"state": service.state, "key": service.key},
        )
        announce(ServiceChanged(service_id=service.pk), aggregate=f"service:{service.pk}", now=now)
    return services


def _checked_form(draft: ServiceDraft) -> list[dict[str, Any]]:
    """Return the form as it is stored, when the whole draft can be used."""
    check_fields(draft.key, draft.fields, is_new=True)
    content = draft.standard
    problems = content_problems(content) or publishing_problems(content.targets)
    if problems:
        raise StandardRefusedError([f"{draft.key}: {problem}" for problem in problems])
    automatic = ((each.title, each.show_if) for each in content.steps if each.automatic)
    try:
        problems = condition_problems(automatic, draft.form)
        if problems:
            raise StandardRefusedError([f"{draft.key}: {problem}" for problem in problems])
        return form_schema.dump(form_schema.parse(draft.form))
    except form_schema.SchemaError as error:
        raise FormRefusedError(f"{draft.key}: {error}") from error


def _standards(
    drafts: Sequence[ServiceDraft], services: Sequence[Service], now: datetime
) -> list[ServiceStandard]:
    """Store the standards, then publish them: what is published takes no more targets or steps."""
    for calendar in {each.standard.calendar for each in drafts}:
        problems = list(calendar_problems(calendar))
        if problems:
            raise StandardRefusedError(problems)
    standards = [ServiceStandard(service=service, version=1) for service in services]
    for standard, draft in zip(standards, drafts, strict=True):
        fill(standard, draft.standard)
    standards = ServiceStandard.objects.bulk_create(standards)
    pairs = list(zip(standards, drafts, strict=True))
    StandardTarget.objects.bulk_create(
        row for standard, draft in pairs for row in targets_of(standard, draft.standard)
    )
    StandardStep.objects.bulk_create(
        row for standard, draft in pairs for row in steps_of(standard, draft.standard)
    )
    for standard in standards:
        standard.state, standard.published_at = StandardState.PUBLISHED, now
    ServiceStandard.objects.bulk_update(standards, ["state", "published_at"])
    return standards
