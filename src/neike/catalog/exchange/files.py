"""One service to a file and back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from neike.catalog import actions, form_schema, service_file
from neike.catalog.actions import ServiceFields, StandardContent, StepContent
from neike.catalog.choices import StandardState
from neike.catalog.exchange.approvers import named_rule, stored_rule
from neike.catalog.models import Service, ServiceStandard, StandardStep
from neike.catalog.service_file import ServiceFile, ServiceFileError, StandardPart, StepPart
from neike.kernel.texts import LocalizedText
from neike.org.models import BusinessCalendar, Department, Person


def export_service(service: Service) -> ServiceFile:
    """Return what a service says now: texts, form in use and standard in force. Departments by their codes.

    Raises:
        ValueError: it has no standard in force yet.
    """
    if service.standard is None:
        raise ValueError(f"{service.key} has no published standard")
    ids = service.audience.get("departments", [])
    codes = Department.objects.filter(public_id__in=ids).order_by("code")
    return ServiceFile(
        key=service.key,
        department=service.department.code,
        name=service.name,
        summary=service.summary,
        description=service.description,
        keywords=tuple(service.keywords),
        icon=service.icon,
        order=service.order,
        confidential=service.confidential,
        audience=tuple(codes.values_list("code", flat=True)),
        # Read and written again: a database may keep the parts of a field in another order.
        form=tuple(form_schema.dump(form_schema.parse(service.form.fields)))
        if service.form
        else (),
        standard=_standard_part(service.standard),
    )


def _standard_part(standard: ServiceStandard) -> StandardPart:
    targets: dict[str, dict[str, int]] = {}
    for target in standard.targets.all():
        targets.setdefault(target.metric, {})[target.priority] = max(1, round(target.seconds / 60))
    return StandardPart(
        targets=targets,
        promise=standard.promise,
        usual_priority=standard.default_priority,
        third_party_pauses=standard.third_party_pauses,
        quality=tuple(map(LocalizedText.from_json, standard.quality_criteria)),
        steps=tuple(map(_step_part, standard.steps.select_related("department"))),
        steps_join=standard.steps_join,
    )


def _step_part(step: StandardStep) -> StepPart:
    return StepPart(
        department=step.department.code if step.department else "",
        title=step.title,
        mode=step.mode,
        minutes=max(1, round(step.seconds / 60)) if step.seconds else None,
        key=step.key,
        kind=step.kind,
        automatic=step.automatic,
        after=tuple(step.after),
        join=step.join,
        show_if=step.show_if,
        checklist=tuple(map(LocalizedText.from_json, step.checklist)),
        approvers=tuple(map(named_rule, step.approvers)),
        quorum=step.quorum,
    )


@transaction.atomic
def import_service(
    text: str | bytes,
    *,
    file: str,
    calendar: BusinessCalendar,
    by: Person | None,
    now: datetime,
) -> Service:
    """Create the service a file describes, or bring the one with its key to what the file says.

    The form is put into use; a standard that differs becomes the draft of the next version, for its owner
    to publish. Reading the same file again changes nothing.

    Raises:
        ServiceFileError: the file is no service, or names a department that does not exist.
        PermissionDenied: `by` may not edit this service, or add one to its department.
        CatalogError: what it says cannot be used.
    """
    found = service_file.read(text, file=file)
    find = finder(
        file, {each.code: each for each in Department.objects.filter(code__in=codes(found))}
    )
    department = find("department", found.department)
    content = standard_content(found, find, calendar)
    fields = service_fields(found, find)
    service = Service.objects.filter(key=found.key).select_related("department").first()
    if service is None:
        service = actions.create_service(
            department=department, key=found.key, by=by, now=now, **fields
        )
    elif service.department_id != department.pk:
        raise ServiceFileError(
            file, "department", _("the service with this key belongs to another department.")
        )
    else:
        service = actions.update_service(service=service, by=by, now=now, **fields)
    actions.publish_form(service=service, fields=list(map(dict, found.form)), by=by, now=now)
    if not _says_the_same(service, found):
        actions.draft_standard(service=service, content=content, by=by, now=now)
    service.refresh_from_db()
    return service


def _says_the_same(service: Service, found: ServiceFile) -> bool:
    """Tell whether the newest standard, draft or published, is what the file says."""
    newest = service.standards.order_by("-version").first()
    if newest is None or (
        newest.state == StandardState.PUBLISHED and newest.pk != service.standard_id
    ):
        return False
    return _standard_part(newest) == found.standard


def codes(found: ServiceFile) -> set[str]:
    """Return the codes of all departments a file names."""
    steps = (step.department for step in found.standard.steps)
    approving = (
        rule["department"]
        for step in found.standard.steps
        for rule in step.approvers
        if "department" in rule
    )
    return {found.department, *found.audience, *steps, *approving} - {""}


def finder(file: str, departments: Mapping[str, Department]) -> Callable[[str, str], Department]:
    """Return a look-up by code that refuses an unknown one, saying where in the file it stands."""

    def find(where: str, code: str) -> Department:
        if code not in departments:
            raise ServiceFileError(
                file, where, _("there is no department with the code %(code)s.") % {"code": code}
            )
        return departments[code]

    return find


def service_fields(found: ServiceFile, find: Callable[[str, str], Department]) -> ServiceFields:
    """Return what the actions take."""
    audience: dict[str, Any] = {
        "departments": [str(find("audience", code).public_id) for code in found.audience]
    }
    return {
        "name": found.name,
        "summary": found.summary,
        "description": found.description,
        "keywords": list(found.keywords),
        "icon": found.icon,
        "order": found.order,
        "confidential": found.confidential,
        "audience": audience if found.audience else {},
    }


def standard_content(
    found: ServiceFile, find: Callable[[str, str], Department], calendar: BusinessCalendar
) -> StandardContent:
    """Return what the actions take."""
    part = found.standard
    return StandardContent(
        calendar=calendar,
        targets=actions.minutes(part.targets),
        promise=part.promise,
        default_priority=part.usual_priority,
        third_party_pauses=part.third_party_pauses,
        quality_criteria=part.quality,
        steps=tuple(_step_content(step, find) for step in part.steps),
        steps_join=part.steps_join,
    )


def _step_content(step: StepPart, find: Callable[[str, str], Department]) -> StepContent:
    return StepContent(
        department=find("standard.steps", step.department) if step.department else None,
        title=step.title,
        mode=step.mode,
        seconds=step.minutes * 60 if step.minutes else None,
        key=step.key,
        kind=step.kind,
        automatic=step.automatic,
        after=step.after,
        join=step.join,
        show_if=step.show_if,
        checklist=step.checklist,
        approvers=tuple(stored_rule(rule, find) for rule in step.approvers),
        quorum=step.quorum,
    )


def draft(
    found: ServiceFile, departments: Mapping[str, Department], calendar: BusinessCalendar
) -> actions.ServiceDraft:
    """Return the whole service as it is published in bulk.

    Raises:
        ServiceFileError: it names a department that is not among `departments` (by code).
    """
    find = finder(f"{found.key}.yaml", departments)
    return actions.ServiceDraft(
        department=find("department", found.department),
        key=found.key,
        fields=service_fields(found, find),
        form=[dict(each) for each in found.form],
        standard=standard_content(found, find, calendar),
    )
