"""Checklists that a department keeps ready for its tasks."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from neike.desk import policies
from neike.desk.actions.errors import BadTextError, ChecklistChangedError
from neike.desk.models import ChecklistTemplate
from neike.kernel import audit
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org.models import Department, Person

TITLE_LIMIT = 120
POINT_LIMIT = 300
POINTS_LIMIT = 50


@transaction.atomic
def create_checklist(
    *,
    department: Department,
    title: LocalizedText,
    items: Sequence[LocalizedText],
    by: Person,
    now: datetime,
) -> ChecklistTemplate:
    """Keep a checklist ready for a department's tasks.

    Raises:
        PermissionDenied: `by` does not lead the department.
        BadTextError: no name or no point, too many points, or one that is too long.
    """
    require(policies.may_keep_checklists(policies.standing(by, now=now), department.pk))
    made = ChecklistTemplate.objects.create(
        department=department, title=_checked(title, TITLE_LIMIT), items=_points(items)
    )
    audit.record(action="desk.checklist_created", subject=made, by=by, after=_told(made), now=now)
    return made


@transaction.atomic
def change_checklist(
    *,
    checklist: ChecklistTemplate,
    title: LocalizedText,
    items: Sequence[LocalizedText],
    by: Person,
    version: int,
    now: datetime,
) -> ChecklistTemplate:
    """Change a checklist; tasks that were opened with it keep their own copy.

    Raises:
        PermissionDenied, BadTextError: as in `create_checklist`.
        ChecklistChangedError: somebody was faster.
    """
    row = _locked(checklist, by=by, version=version, now=now)
    before = _told(row)
    row.title, row.items = _checked(title, TITLE_LIMIT), _points(items)
    row.version += 1
    row.save()
    audit.record(
        action="desk.checklist_changed",
        subject=row,
        by=by,
        before=before,
        after=_told(row),
        now=now,
    )
    return row


@transaction.atomic
def retire_checklist(
    *, checklist: ChecklistTemplate, by: Person, version: int, now: datetime
) -> ChecklistTemplate:
    """Offer a checklist no more.

    Raises:
        PermissionDenied: `by` does not lead the department.
        ChecklistChangedError: somebody was faster.
    """
    row = _locked(checklist, by=by, version=version, now=now)
    row.retired_at = now
    row.version += 1
    row.save()
    audit.record(action="desk.checklist_retired", subject=row, by=by, before=_told(row), now=now)
    return row


def _locked(
    checklist: ChecklistTemplate, *, by: Person, version: int, now: datetime
) -> ChecklistTemplate:
    row = ChecklistTemplate.objects.select_for_update().get(pk=checklist.pk)
    require(policies.may_keep_checklists(policies.standing(by, now=now), row.department_id))
    if row.version != version or row.retired_at is not None:
        raise ChecklistChangedError
    return row


def _checked(words: LocalizedText, limit: int) -> LocalizedText:
    kept = {code: text.replace("\x00", "").strip() for code, text in words.texts.items()}
    kept = {code: text for code, text in kept.items() if text}
    if not kept or any(len(text) > limit for text in kept.values()):
        raise BadTextError(limit)
    source = words.source if words.source in kept else next(iter(kept))
    return LocalizedText(kept, source)


def _points(items: Sequence[LocalizedText]) -> list[dict[str, str]]:
    given = [item for item in items if item]
    if not given or len(given) > POINTS_LIMIT:
        raise BadTextError(POINT_LIMIT)
    return [_checked(item, POINT_LIMIT).as_json() for item in given]


def _told(row: ChecklistTemplate) -> dict[str, object]:
    return {"title": row.title.as_json(), "points": len(row.items)}
