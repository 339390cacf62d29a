"""What is cleared away at night, and whether rows and bytes still agree."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import F, Func, IntegerField

from neike.kernel.attachments import actions, files
from neike.kernel.attachments.models import Attachment
from neike.kernel.attachments.owners import ATTACHMENT_OWNERS
from neike.kernel.registries import Problem

_WAIT = timedelta(days=1)
_BATCH = 500
_HASHED_OVER_DAYS = 30


def clear_orphans(*, now: datetime) -> int:
    """Delete waiting files nobody claimed within a day, files whose owner is gone, and bytes without a row.

    Returns how many rows and stray files went.
    """
    unclaimed = Attachment.objects.filter(owner_type="", uploaded_at__lt=now - _WAIT)
    gone = list(unclaimed) + list(_ownerless())
    actions.discard(gone)
    return len(gone) + _clear_stray_bytes(now)


def _ownerless() -> Iterator[Attachment]:
    for owner in ATTACHMENT_OWNERS:
        if owner.existing is None:
            continue
        by_owner: dict[int, list[Attachment]] = defaultdict(list)
        for row in Attachment.objects.filter(owner_type=owner.key).iterator(_BATCH):
            by_owner[row.owner_id or 0].append(row)
            if len(by_owner) >= _BATCH:
                yield from _of_missing(owner.existing(by_owner), by_owner)
                by_owner.clear()
        yield from _of_missing(owner.existing(by_owner), by_owner)


def _of_missing(present: set[int], by_owner: dict[int, list[Attachment]]) -> Iterator[Attachment]:
    for owner_id, rows in by_owner.items():
        if owner_id not in present:
            yield from rows


def _clear_stray_bytes(now: datetime) -> int:
    """Delete stored bytes older than a day that no row names: left by an upload that was rolled back."""
    count = 0
    for folder in _folders():
        keys = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        known = set(
            Attachment.objects.filter(storage_key__startswith=f"{folder}/").values_list(
                "storage_key", flat=True
            )
        )
        known |= set(
            Attachment.objects.filter(preview_key__startswith=f"{folder}/").values_list(
                "preview_key", flat=True
            )
        )
        for key in keys:
            if key not in known and default_storage.get_modified_time(key) < now - _WAIT:
                default_storage.delete(key)
                count += 1
    return count


def _folders() -> list[str]:
    try:
        found = default_storage.listdir("")[0]
    except FileNotFoundError:
        return []
    return [folder for folder in found if len(folder) == 2]  # noqa: PLR2004 - as random_key() makes them


def files_that_disagree(now: datetime) -> list[Problem]:
    """Report rows whose bytes are gone or changed; each night a thirtieth of the rows is read and hashed."""
    turn = now.toordinal() % _HASHED_OVER_DAYS
    share = Func(F("id"), _HASHED_OVER_DAYS, function="MOD", output_field=IntegerField())
    rows = (
        Attachment.objects.filter(redacted_at__isnull=True).annotate(turn=share).filter(turn=turn)
    )
    problems = []
    for row in rows.iterator(_BATCH):
        found = files.hash_of(row.storage_key)
        if found is not None and found != (row.size, row.sha256):
            problems.append(Problem(f"attachment {row.public_id}", "its bytes changed"))
    return problems + _gone()


def _gone() -> list[Problem]:
    """Report every row whose bytes are not in the storage at all."""
    rows = Attachment.objects.filter(redacted_at__isnull=True).only("public_id", "storage_key")
    return [
        Problem(f"attachment {row.public_id}", "its bytes are gone")
        for row in rows.iterator(_BATCH)
        if not default_storage.exists(row.storage_key)
    ]
