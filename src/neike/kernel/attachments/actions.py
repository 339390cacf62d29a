"""Attach, claim and remove files."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from neike.kernel import audit
from neike.kernel.attachments import files, kinds, names, previews
from neike.kernel.attachments.files import Upload
from neike.kernel.attachments.models import Attachment
from neike.kernel.limits import Rate, take

_DAY = 24 * 60 * 60


class UploadRefusedError(Exception):
    """A file was not taken; `str()` says which, why and what to do, in the reader's language."""


def attach(
    *,
    owner: models.Model | None,
    upload: Upload,
    by: AbstractBaseUser | None,
    now: datetime,
) -> Attachment:
    """Keep a file for `owner`; whether `by` may attach there is the calling action's decision.

    Without an owner it waits for `claim` (a picture in a message not yet sent) for a day. Copying and
    drawing take their time: a view does better to attach before the action's transaction and to claim in it.

    Raises:
        UploadRefusedError: too large, of a kind we do not take, or over the person's allowance of the day.
    """
    name = names.clean_name(upload.name or "")
    kind = _accepted_kind(upload, name)
    _take_from_allowance(upload, name, by, now)
    try:
        stored = files.store(upload, limit=settings.UPLOAD_LIMIT)
    except files.TooManyBytesError as error:
        raise UploadRefusedError(_too_large(name)) from error
    preview = _preview(stored.key, kind)
    return Attachment.objects.create(
        owner_type=owner._meta.label_lower if owner is not None else "",
        owner_id=owner.pk if owner is not None else None,
        name=name,
        size=stored.size,
        sha256=stored.sha256,
        content_type=kind,
        storage_key=stored.key,
        preview_key=files.store_bytes(preview[0]) if preview else "",
        preview_type=preview[1] if preview else "",
        uploaded_by_id=by.pk if by is not None else None,
        uploaded_at=now,
    )


def attach_all(
    *,
    owner: models.Model | None,
    uploads: Collection[Upload],
    by: AbstractBaseUser | None,
    now: datetime,
) -> list[Attachment]:
    """Keep all files of one request, or none.

    Raises:
        UploadRefusedError: one of them is refused, or there are more than one request may bring.
    """
    most = settings.UPLOAD_FILES_PER_REQUEST
    if len(uploads) > most:
        raise UploadRefusedError(
            _("%(count)d files at once are too many; send up to %(most)d.")
            % {"count": len(uploads), "most": most}
        )
    made: list[Attachment] = []
    try:
        for upload in uploads:
            made.append(attach(owner=owner, upload=upload, by=by, now=now))  # noqa: PERF401 - what was made so far matters
    except UploadRefusedError:
        discard(made)
        raise
    return made


@transaction.atomic
def discard(rows: Collection[Attachment]) -> None:
    """Delete files as if they had never been sent."""
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    delete_bytes(rows)


def _accepted_kind(upload: Upload, name: str) -> str:
    if upload.size > settings.UPLOAD_LIMIT:
        raise UploadRefusedError(_too_large(name))
    upload.seek(0)
    kind = kinds.kind_of(upload.read(kinds.SAMPLE))
    upload.seek(0)
    if kind is None:
        raise UploadRefusedError(
            _(
                "“%(name)s” is of a kind that is not accepted. Pictures, documents, texts, archives, sound and video are; put anything else into a ZIP file."
            )
            % {"name": name}
        )
    return kind


def _too_large(name: str) -> str:
    return _("“%(name)s” is too large: one file may have up to %(limit)s.") % {
        "name": name,
        "limit": filesizeformat(settings.UPLOAD_LIMIT),
    }


def _take_from_allowance(
    upload: Upload,
    name: str,
    by: AbstractBaseUser | None,
    now: datetime,
) -> None:
    if by is None:
        return
    rate = Rate(settings.UPLOAD_DAILY_QUOTA, _DAY)
    who = f"person:{by.pk}"
    if not take(scope="attachments.bytes", who=who, rate=rate, now=now, amount=max(1, upload.size)):
        raise UploadRefusedError(
            _("“%(name)s” was not taken: within one day a person may send up to %(limit)s.")
            % {"name": name, "limit": filesizeformat(settings.UPLOAD_DAILY_QUOTA)}
        )


def _preview(key: str, kind: str) -> tuple[bytes, str] | None:
    if kind not in kinds.RASTERS:
        return None
    with default_storage.open(key) as file:
        return previews.preview_of(file)  # type: ignore[arg-type]  # a storage file reads like any other


@transaction.atomic
def claim(*, ids: Iterable[UUID], owner: models.Model, by: AbstractBaseUser) -> int:
    """Give waiting files that `by` uploaded to `owner`; others are left alone. Returns how many."""
    waiting = Attachment.objects.filter(
        owner_type="", uploaded_by_id=by.pk, public_id__in=list(ids)
    )
    return waiting.update(owner_type=owner._meta.label_lower, owner_id=owner.pk)


def copy(*, attachment: Attachment, owner: models.Model, now: datetime) -> Attachment:
    """Keep the same file once more, with bytes of its own, for another owner; whether that may be is the caller's.

    To be called inside the transaction that made `owner`. Bytes left behind by a rollback are cleaned like others.
    """
    stored, preview = _copied_bytes(attachment.storage_key), attachment.preview_key
    return Attachment.objects.create(
        owner_type=owner._meta.label_lower,
        owner_id=owner.pk,
        name=attachment.name,
        size=attachment.size,
        sha256=attachment.sha256,
        content_type=attachment.content_type,
        storage_key=stored,
        preview_key=_copied_bytes(preview) if preview else "",
        preview_type=attachment.preview_type,
        uploaded_by_id=attachment.uploaded_by_id,
        uploaded_at=now,
    )


def _copied_bytes(key: str) -> str:
    with default_storage.open(key) as file:
        return files.store(file, limit=settings.UPLOAD_LIMIT).key


@transaction.atomic
def redact(*, attachment: Attachment, by: AbstractBaseUser, reason: str, now: datetime) -> None:
    """Remove the bytes for good and keep the row; recorded. Whether `by` may is the caller's decision."""
    Attachment.objects.filter(pk=attachment.pk).update(
        redacted_at=now, preview_key="", preview_type=""
    )
    audit.record(
        action="attachments.redacted",
        subject=attachment,
        by=by,
        before={"sha256": attachment.sha256, "size": attachment.size},
        after={"redacted_at": now},
        reason=reason,
        now=now,
    )
    delete_bytes([attachment])


def delete_bytes(gone: Iterable[Attachment]) -> None:
    """Delete the stored bytes once the transaction holds, so that no row is ever left without them by a rollback."""
    keys = [key for row in gone for key in (row.storage_key, row.preview_key) if key]

    def delete(names: list[str] = keys) -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(delete)
