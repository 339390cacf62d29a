"""Publishing a request form."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from neike.catalog import form_schema
from neike.catalog.actions.errors import FormRefusedError
from neike.catalog.actions.services import locked
from neike.catalog.actions.standards import plan_problems
from neike.catalog.events import ServiceChanged
from neike.catalog.models import FormVersion, Service
from neike.kernel.audit.actions import record
from neike.kernel.outbox import announce
from neike.org.models import Person


@transaction.atomic
def publish_form(
    *, service: Service, fields: list[dict[str, Any]], by: Person | None, now: datetime
) -> FormVersion:
    """Put a new version of a service's form into use; requests made before keep theirs.

    Publishing the fields already in use changes nothing and returns the version in use.

    Raises:
        PermissionDenied: `by` may not edit this service.
        FormRefusedError: the fields make no form; the sentence names the field, or the step of the plan
            in force that looks at a field the form no longer has.
    """
    service = locked(service, by, now)
    try:
        clean = form_schema.dump(form_schema.parse(fields))
    except form_schema.SchemaError as error:
        raise FormRefusedError(str(error)) from error
    before = service.form
    if before is not None and before.fields == clean:
        return before
    if service.standard is not None and (missing := plan_problems(service.standard, clean)):
        raise FormRefusedError(missing)
    newest = service.forms.aggregate(newest=Max("version"))["newest"] or 0
    form = FormVersion.objects.create(
        service=service, version=newest + 1, fields=clean, created_at=now, published_by=by
    )
    service.form = form
    service.version += 1
    service.save(update_fields=["form", "version"])
    record(
        action="catalog.form_published",
        subject=service,
        by=by,
        now=now,
        before={"version": before.version if before else None},
        after={"version": form.version, "fields": [one["key"] for one in clean]},
    )
    announce(ServiceChanged(service_id=service.pk), aggregate=f"service:{service.pk}", now=now)
    return form
