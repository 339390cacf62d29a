"""Writing the record: an entry in the caller's transaction, and the erasure of personal values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing to write into the record; the fields are those of `record`."""

    action: str
    subject: models.Model
    by: AbstractBaseUser | None
    now: datetime
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    personal: Collection[str] = ()
    about: AbstractBaseUser | None = None


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
    told = Record(
        action=action,
        subject=subject,
        by=by,
        now=now,
        before=before or {},
        after=after or {},
        reason=reason,
        personal=personal,
        about=about,
    )
    return record_all([told])[0]


@transaction.atomic
def record_all(records: Sequence[Record]) -> list[AuditEntry]:
    """Write many things in their order, in two statements; the same rows as `record` one by one."""
    drafted = [_draft(each) for each in records]
    AuditValue.objects.bulk_create(value for _entry, values_ in drafted for value in values_)
    return AuditEntry.objects.bulk_create(entry for entry, _values in drafted)


def _draft(told: Record) -> tuple[AuditEntry, list[AuditValue]]:
    draft = _Draft(told.subject, told.personal)
    changes = [
        [name, draft.shown(name, old), draft.shown(name, new)]
        for name, old, new in values.differences(told.before, told.after)
    ]
    details = values.canonical(
        {"changes": changes, "reason": draft.keep_apart(told.reason.strip())}
    )
    subject = told.subject
    owner = told.about or (subject if isinstance(subject, get_user_model()) else None)
    apart = [
        AuditValue(
            digest=kept.digest,
            salt=kept.salt,
            value=kept.text,
            about_id=owner.pk if owner is not None else None,
        )
        for kept in draft.apart
    ]
    entry = AuditEntry(
        at=told.now,
        action=told.action,
        actor_id=told.by.pk if told.by is not None else None,
        subject_type=subject._meta.label_lower,
        subject_id=values.subject_id(subject),
        details=details,
    )
    return entry, apart


@transaction.atomic
def erase_about(person: AbstractBaseUser) -> int:
    """Erase every personal value kept about a person; the entries and their seals stay. Returns how many."""
    kept = AuditValue.objects.filter(about_id=person.pk, value__isnull=False)
    return kept.update(value=None, salt="")
