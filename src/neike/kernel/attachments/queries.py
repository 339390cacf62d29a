"""Whose files these are and who may read them."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from neike.kernel.attachments.models import Attachment
from neike.kernel.attachments.owners import ATTACHMENT_OWNERS
from neike.kernel.policies import Decision, allow, deny


def attachments_of(owner: Model) -> QuerySet[Attachment]:
    """Return the files of one object, oldest first. Whoever may see the object may see this list."""
    return attachments_of_many(type(owner), [owner.pk])


def attachments_of_many(model: type[Model], ids: list[int]) -> QuerySet[Attachment]:
    """Return the files of many objects of one kind in one query, by owner and oldest first."""
    found = Attachment.objects.filter(owner_type=model._meta.label_lower, owner_id__in=ids)
    return found.order_by("owner_id", "id")


def may_read(person: AbstractBaseUser | AnonymousUser, attachment: Attachment) -> Decision:
    """Ask the owner's rule; a file that still waits for its owner is its uploader's alone."""
    if attachment.redacted_at is not None:
        return deny("redacted")
    if not attachment.owner_type:
        own = person.pk is not None and attachment.uploaded_by_id == person.pk
        return allow() if own else deny("not_yours")
    owner = ATTACHMENT_OWNERS.get(attachment.owner_type)
    if owner is None or attachment.owner_id is None:
        return deny("unknown_owner")
    return allow() if owner.may_read(person, attachment.owner_id) else deny("owner")
