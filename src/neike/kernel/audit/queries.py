"""Reading the record: what a person may see of it, filtered and a page at a time, ready to be shown."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model, QuerySet

from neike.kernel.audit import labels, sealing, values
from neike.kernel.audit.models import AuditEntry, AuditValue
from neike.kernel.policies import holds_role

AUDITOR = "AU"
_LONGEST_VALUE = 400


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; empty values do not narrow. `since` inclusive, `until` exclusive, both aware."""

    actor_id: int | None = None
    action: str = ""
    subject_type: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a reader sees it; `erased` when it was personal and is gone."""

    text: str
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entry."""

    field: str
    before: Shown
    after: Shown


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a reader sees it."""

    entry: AuditEntry
    action: str
    kind: str
    subject: str
    url: str
    reason: Shown
    changes: tuple[Change, ...]


def entries_visible_to(person: AbstractBaseUser) -> QuerySet[AuditEntry]:
    """Return what a person may read: auditors everything, everybody else what they did themselves."""
    if holds_role(person, AUDITOR):
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(actor_id=person.pk)


def entries_about(subject: Model) -> QuerySet[AuditEntry]:
    """Return the entries of one object. Whoever may see the object's history is its module's decision."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=values.subject_id(subject)
    )


def narrowed(entries: QuerySet[AuditEntry], by: Filter) -> QuerySet[AuditEntry]:
    """Return the entries that match the filter."""
    wanted = {
        "actor_id": by.actor_id,
        "action": by.action,
        "subject_type": by.subject_type,
        "subject_id": by.subject_id,
        "at__gte": by.since,
        "at__lt": by.until,
    }
    return entries.filter(
        **{name: value for name, value in wanted.items() if value not in (None, "")}
    )


def page(
    entries: QuerySet[AuditEntry], *, before_id: int | None = None, length: int = 50
) -> tuple[list[Line], int | None]:
    """Return the newest lines below `before_id`, and where the next page starts (None at the end)."""
    if before_id is not None:
        entries = entries.filter(pk__lt=before_id)
    rows = list(entries.select_related("actor").order_by("-pk")[: length + 1])
    further = rows[length - 1].pk if len(rows) > length else None
    return lines(rows[:length]), further


def lines(rows: Sequence[AuditEntry]) -> list[Line]:
    """Prepare entries for a reader: kept values filled in, actions and objects named."""
    kept = sealing.values_by_digest([digest for row in rows for digest in sealing.digests_in(row)])
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        ids[row.subject_type].add(row.subject_id)
    named = {kind: labels.describe(kind, sorted(wanted)) for kind, wanted in ids.items()}
    return [_line(row, kept, named[row.subject_type].get(row.subject_id, ("", ""))) for row in rows]


def _line(row: AuditEntry, kept: dict[str, AuditValue], name: tuple[str, str]) -> Line:
    parsed = row.parsed
    return Line(
        entry=row,
        action=labels.action_label(row.action),
        kind=labels.kind_label(row.subject_type),
        subject=name[0] or row.subject_id,
        url=name[1],
        reason=_shown(parsed.get("reason"), kept),
        changes=tuple(
            Change(
                labels.field_label(row.subject_type, field), _shown(old, kept), _shown(new, kept)
            )
            for field, old, new in parsed.get("changes", [])
        ),
    )


def _shown(value: Any, kept: dict[str, AuditValue]) -> Shown:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict) and set(value) == {"digest"}:
        found = kept.get(value["digest"])
        if found is None or found.value is None:
            return Shown("", erased=True)
        value = json.loads(found.value)
    if value is None or value == "":
        return Shown("")
    text = value if isinstance(value, str) else values.canonical(value)
    return Shown(text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…")
