"""Writing the record: an entry in the caller's transaction, and the erasure of personal values."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from neike.kernel.audit import values
from neike.kernel.audit.models import AuditEntry, AuditValue


class _Draft:
    """Collects the personal values of one entry while its details are put together."""

    def __init__(self, subject: models.Model, personal: Collection[str]) -> None:
        self.subject = subject
        self.personal = personal
        self.apart: list[values.Apart] = []

    def keep_apart(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return the reference that stands for a personal value; nothing stands for nothing."""
        if value is None or value == "":
            return value
        kept = values.set_apart(value)
        self.apart.append(kept)
        return {"digest": kept.digest}

    def shown(self, field: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return what the entry itself holds for a field's value."""
        if values.looks_like_reference(value):
            return self.keep_apart(value)
        if isinstance(value, bool) or not values.is_personal(self.subject, field, self.personal):
            return value
        return self.keep_apart(value)


@transaction.atomic
def record(
    *,
    action: str,
    subject: models.Model,
    by: AbstractBaseUser | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    personal: Collection[str] = (),
    about: AbstractBaseUser | None = None,
) -> AuditEntry:
    """Write what `by` did to `subject`; it stands or falls with the caller's transaction.

    `before` and `after` hold the fields that matter; equal values are left out. `personal` names further
    fields whose values are kept apart, `about` whose they are (the subject itself when it is a person).
    The reason is somebody's own words and always kept apart. `by` is None for the system itself.
    """
    draft = _Draft(subject, personal)
    changes = [
        [field, draft.shown(field, old), draft.shown(field, new)]
        for field, old, new in values.differences(before or {}, after or {})
    ]
    details = values.canonical({"changes": changes, "reason": draft.keep_apart(reason.strip())})
    owner = about or (subject if isinstance(subject, get_user_model()) else None)
    AuditValue.objects.bulk_create(
        AuditValue(
            digest=kept.digest,
            salt=kept.salt,
            value=kept.text,
            about_id=owner.pk if owner is not None else None,
        )
        for kept in draft.apart
    )
    return AuditEntry.objects.create(
        at=now,
        action=action,
        actor_id=by.pk if by is not None else None,
        subject_type=subject._meta.label_lower,
        subject_id=values.subject_id(subject),
        details=details,
    )


@transaction.atomic
def erase_about(person: AbstractBaseUser) -> int:
    """Erase every personal value kept about a person; the entries and their seals stay. Returns how many."""
    kept = AuditValue.objects.filter(about_id=person.pk, value__isnull=False)
    return kept.update(value=None, salt="")
