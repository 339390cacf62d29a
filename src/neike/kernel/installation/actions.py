"""Change the settings; every change is recorded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel import attachments, audit
from neike.kernel.attachments.files import Upload
from neike.kernel.attachments.models import Attachment
from neike.kernel.installation import queries
from neike.kernel.installation.models import Installation
from neike.kernel.policies import allow, deny, holds_role, require

FIELDS = ("name", "zone", "fiscal_start_month", "languages", "default_language", "support_contact")


class InstallationChangedError(Exception):
    """Somebody changed the settings after they were read."""


class UnknownZoneError(ValueError):
    """There is no such time zone; the argument names it."""


class LogoRefusedError(Exception):
    """The logo is no picture we can show; `str()` says so in the reader's language."""


def change(
    *,
    values: Mapping[str, Any],
    logo: Upload | None = None,
    remove_logo: bool = False,
    by: AbstractBaseUser,
    revision: int,
    now: datetime,
) -> Installation:
    """Change the named fields, and the logo when one is given; returns the fresh row.

    `revision` is what the person saw. The picture is drawn anew before the transaction begins.

    Raises:
        PermissionDenied: `by` is no administrator.
        InstallationChangedError: somebody was faster.
        UnknownZoneError: the zone is no IANA name.
        LogoRefusedError: the logo is no PNG, JPEG, GIF or WebP picture.
        UploadRefusedError: the logo is too large.
    """
    require(allow() if holds_role(by, "SA") else deny("no_role"))
    picture = _picture(logo, by, now) if logo is not None else None
    with transaction.atomic():
        found = _locked(revision)
        before = _shown(found)
        for field in FIELDS:
            if field in values:
                setattr(found, field, values[field])
        if picture is not None or remove_logo:
            found.logo = picture
        found.revision += 1
        if found.zone not in available_timezones():
            raise UnknownZoneError(found.zone)
        found.save()
        audit.record(
            action="installation.changed",
            subject=found,
            by=by,
            before=before,
            after=_shown(found),
            now=now,
        )
    queries.forget()
    return found


def _locked(revision: int) -> Installation:
    """Return the row, ours alone until the transaction ends; made from the defaults at the first change."""
    Installation.objects.get_or_create(pk=1)
    found = Installation.objects.select_for_update(of=("self",)).get(pk=1)
    if found.revision != revision:
        raise InstallationChangedError
    return found


def _shown(found: Installation) -> dict[str, Any]:
    fields = {field: getattr(found, field) for field in FIELDS}
    return {**fields, "logo": found.logo.sha256 if found.logo else ""}


def _picture(logo: Upload, by: AbstractBaseUser, now: datetime) -> Attachment:
    kept = attachments.attach(owner=Installation(pk=1), upload=logo, by=by, now=now)
    if not kept.is_picture:
        raise LogoRefusedError(
            _("“%(name)s” is no picture that can be shown. Use a PNG, JPEG, GIF or WebP file.")
            % {"name": kept.name}
        )
    return kept
