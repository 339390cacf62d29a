"""From the demo to a real installation: everything of the demo goes, the administrator and the settings stay."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from neike.desk.models import Ticket
from neike.kernel import audit
from neike.kernel.attachments.actions import delete_bytes
from neike.kernel.attachments.models import Attachment
from neike.kernel.installation.models import Installation
from neike.kernel.policies import require
from neike.kernel.safety import guards_lifted
from neike.org.actions import people as people_actions
from neike.org.choices import Role
from neike.org.models import Person, RoleGrant
from neike.portal import policies

STARTED: Final = "portal.started_for_real"
"""What the record calls it."""

# Whole tables that stay: the settings, the working hours, what the framework itself keeps, living workers.
_KEPT_TABLES: Final = frozenset(
    {
        "installation.Installation",
        "org.BusinessCalendar",
        "org.WeeklyInterval",
        "org.CalendarException",
        "org.CalendarYear",
        "auth.Permission",
        "contenttypes.ContentType",
        "jobs.WorkerBeat",
    }
)


@transaction.atomic
def start_for_real(
    *, by: Person, name: str, employee_no: str, email: str, password: str, now: datetime
) -> Person:
    """Empty the demo and give its administrator's account to a real person, all or nothing.

    Kept: the account of `by` (with its second factors), its administrator role, settings and logo,
    calendars. Everything else goes: organisation, catalogue, requests, records, files. The record begins
    anew with this. All sessions end. The password is theirs alone: the demo's is known to everybody.

    Raises:
        PermissionDenied: this is no demo, or `by` is not its administrator.
        ValidationError: the password is weak, or number, name or e-mail do not fit.
    """
    require(policies.may_start_for_real(by))
    gone = {"people": Person.objects.count() - 1, "requests": Ticket.objects.count()}
    delete_bytes(list(_doomed_files()))
    with guards_lifted():
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                _empty(model, by)
        RoleGrant.objects.update(granted_by=None, confirmed_by=None)
        Attachment.objects.update(uploaded_by=by)
    settings, _created = Installation.objects.get_or_create(pk=1)
    nothing = dict.fromkeys(gone, 0)
    audit.record(action=STARTED, subject=settings, by=by, before=gone, after=nothing, now=now)
    person = people_actions.update_person(
        person=by, by=by, name=name, employee_no=employee_no, email=email, now=now
    )
    people_actions.set_password(person=person, password=password, by=person, now=now)
    transaction.on_commit(cache.clear)
    return person


def _empty(model: type[Model], by: Person) -> None:
    """Delete all rows but those that stay; by one statement each, references are checked at the end."""
    label = model._meta.label
    if label in _KEPT_TABLES:
        return
    rows: QuerySet[Model] = model._base_manager.all()
    kept = _kept_rows(by).get(label)
    if kept is not None:
        rows = rows.exclude(pk__in=list(rows.filter(kept).values_list("pk", flat=True)))
    rows._raw_delete(rows.db)  # no cascades: everything around goes, too


def _kept_rows(by: Person) -> dict[str, Q]:
    return {
        "org.Person": Q(pk=by.pk),
        "org.RoleGrant": Q(
            person=by, role=Role.ADMINISTRATOR, department=None, service_public_id=None
        ),
        "mfa.Authenticator": Q(user=by),
        "attachments.Attachment": _logo(),
    }


def _logo() -> Q:
    return Q(pk__in=Installation.objects.filter(logo__isnull=False).values("logo"))


def _doomed_files() -> Iterator[Attachment]:
    return Attachment.objects.exclude(_logo()).iterator(chunk_size=500)
