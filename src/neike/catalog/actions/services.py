"""Offering, editing, publishing and retiring a service."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from neike.catalog import policies
from neike.catalog.actions.errors import (
    NotReadyError,
    ServiceChangedError,
    ServiceRefusedError,
    TakenError,
)
from neike.catalog.choices import SERVICE_ICONS, ServiceState
from neike.catalog.events import ServiceChanged
from neike.catalog.models import Service
from neike.kernel.audit.actions import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Department, Person

KEY: Final = re.compile(r"[a-z][a-z0-9-]{1,63}")
MOST_KEYWORDS: Final = 40
_MOST_KEYWORD: Final = 60
_LENGTHS: Final = {"name": 120, "summary": 400, "description": 8000}
EDITABLE: Final = (
    "name",
    "summary",
    "description",
    "keywords",
    "icon",
    "audience",
    "confidential",
    "owner",
    "order",
)


class ServiceFields(TypedDict, total=False):
    """What one may say about a service. `audience` is {} or {"departments": [public ids]}."""

    name: LocalizedText
    summary: LocalizedText
    description: LocalizedText
    keywords: list[str]
    icon: str
    audience: dict[str, Any]
    confidential: bool
    owner: Person | None
    order: int


@transaction.atomic
def create_service(
    *,
    department: Department,
    key: str,
    by: Person | None,
    now: datetime,
    **fields: Unpack[ServiceFields],
) -> Service:
    """Create the draft of a service that a department offers.

    Raises:
        PermissionDenied: `by` may not add services to this department.
        TakenError: another service has the key.
        ServiceRefusedError: key, texts, icon or audience cannot be used.
    """
    require(policies.may_create(by, department, on=org_queries.organisation_day(now)))
    check_fields(key, fields, is_new=True)
    try:
        with transaction.atomic():
            service = Service.objects.create(department=department, key=key, **fields)
    except IntegrityError:
        raise TakenError(_("Another service has the key “%(key)s”.") % {"key": key}) from None
    tell(service, "catalog.service_created", by=by, now=now, before={}, after=_values(service))
    return service


@transaction.atomic
def update_service(
    *,
    service: Service,
    by: Person | None,
    now: datetime,
    version: int | None = None,
    **fields: Unpack[ServiceFields],
) -> Service:
    """Change what is said about a service; `version` is what the person saw (None: whatever it is now).

    Raises:
        PermissionDenied: `by` may not edit this service.
        ServiceChangedError: somebody was faster.
        ServiceRefusedError: texts, icon or audience cannot be used.
    """
    service = locked(service, by, now)
    if version is not None and version != service.version:
        raise ServiceChangedError(_("Somebody changed this service while you were writing."))
    check_fields(service.key, fields)
    before = _values(service)
    for name, value in fields.items():
        setattr(service, name, value)
    service.version += 1
    service.save()
    tell(service, "catalog.service_changed", by=by, now=now, before=before, after=_values(service))
    return service


@transaction.atomic
def publish_service(*, service: Service, by: Person | None, now: datetime) -> Service:
    """Let people ask for a service. Publishing a published one changes nothing.

    Raises:
        PermissionDenied: `by` may not edit this service.
        NotReadyError: it lacks a name, a form or a published standard; a sentence for each.
    """
    service = locked(service, by, now)
    problems = _missing(service)
    if problems:
        raise NotReadyError(problems)
    return _move(service, ServiceState.PUBLISHED, "catalog.service_published", by=by, now=now)


@transaction.atomic
def retire_service(*, service: Service, by: Person | None, now: datetime) -> Service:
    """Stop offering a service; requests already made go on. The catch-all service stays.

    Raises:
        PermissionDenied: `by` may not edit this service.
        ServiceRefusedError: it is the department's catch-all.
    """
    service = locked(service, by, now)
    if service.is_catch_all:
        raise ServiceRefusedError(
            _("This is where requests go that fit nothing else, so it cannot be retired.")
        )
    return _move(service, ServiceState.RETIRED, "catalog.service_retired", by=by, now=now)


def locked(service: Service, by: Person | None, now: datetime) -> Service:
    """Return the fresh row, locked, when `by` may edit it.

    Raises:
        PermissionDenied: `by` may not.
    """
    fresh = (
        Service.objects.select_for_update(of=("self",))
        .select_related("department", "owner")
        .get(pk=service.pk)
    )
    require(policies.may_edit(by, fresh, on=org_queries.organisation_day(now)))
    return fresh


def _missing(service: Service) -> list[str]:
    problems: list[str] = []
    if not service.name:
        problems.append(_("The service needs a name."))
    if service.form_id is None:
        problems.append(_("The service needs a request form."))
    if service.standard_id is None:
        problems.append(_("The service needs a published standard."))
    return problems


def _move(
    service: Service, state: ServiceState, action: str, *, by: Person | None, now: datetime
) -> Service:
    if service.state == state:
        return service
    before = {"state": service.state}
    service.state = state
    service.version += 1
    service.save(update_fields=["state", "version"])
    tell(service, action, by=by, now=now, before=before, after={"state": service.state})
    return service


def tell(
    service: Service,
    action: str,
    *,
    by: Person | None,
    now: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Record a change of a service and announce it."""
    record(action=action, subject=service, by=by, now=now, before=before, after=after)
    announce(ServiceChanged(service_id=service.pk), aggregate=f"service:{service.pk}", now=now)


def _values(service: Service) -> dict[str, Any]:
    values = {name: getattr(service, name) for name in EDITABLE if name != "owner"}
    return {**values, "owner_id": service.owner_id, "state": service.state}


def check_fields(key: str, fields: ServiceFields, *, is_new: bool = False) -> None:
    """Go on when key and fields make a service.

    Raises:
        ServiceRefusedError: with a sentence for each thing that is wrong.
    """
    problems: list[str] = []
    if not KEY.fullmatch(key):
        problems.append(
            _(
                "The key must be small letters, digits and -, beginning with a letter, like it-laptop."
            )
        )
    if (is_new or "name" in fields) and not fields.get("name"):
        problems.append(_("The service needs a name."))
    problems += _text_problems(fields)
    if fields.get("icon", SERVICE_ICONS[0]) not in SERVICE_ICONS:
        problems.append(_("There is no icon “%(icon)s”.") % {"icon": str(fields["icon"])[:40]})
    problems += _keyword_problems(fields.get("keywords", []))
    problems += _audience_problems(fields.get("audience", {}))
    if problems:
        raise ServiceRefusedError(problems)


def _text_problems(fields: ServiceFields) -> list[str]:
    names = {"name": _("name"), "summary": _("summary"), "description": _("description")}
    problems: list[str] = []
    for name, most in _LENGTHS.items():
        text = fields.get(name)
        if isinstance(text, LocalizedText) and any(len(one) > most for one in text.texts.values()):
            problems.append(
                _("“%(field)s” may have at most %(most)d characters.")
                % {"field": names[name], "most": most}
            )
    return problems


def _keyword_problems(keywords: list[str]) -> list[str]:
    fits = len(keywords) <= MOST_KEYWORDS
    if fits and all(0 < len(one) <= _MOST_KEYWORD for one in keywords):
        return []
    return [_("Keywords are at most %(most)d short words.") % {"most": MOST_KEYWORDS}]


def _audience_problems(audience: object) -> list[str]:
    if audience == {}:
        return []
    ids = audience.get("departments") if isinstance(audience, dict) and len(audience) == 1 else None
    if not isinstance(ids, list) or not ids:
        return [_("The audience must be everybody or a list of departments.")]
    try:
        wanted = {UUID(str(one)) for one in ids}
    except ValueError:
        return [_("The audience names a department that does not exist.")]
    found = Department.objects.filter(public_id__in=wanted).count()
    return (
        [] if found == len(wanted) else [_("The audience names a department that does not exist.")]
    )
