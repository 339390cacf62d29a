"""What files can be attached to; each module registers its own kinds with the rule of who reads them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from neike.kernel.registries import Registry


@dataclass(frozen=True, slots=True)
class AttachmentOwner:
    """A kind of thing that has files.

    `key` is its model label ("desk.message"). `may_read(person, owner_id)` is asked at every download, of
    visitors who have not signed in too. `existing(ids)` says which owners still exist; the files of the
    others are cleared away at night. Without it they are kept.
    """

    key: str
    may_read: Callable[[Any, int], bool]
    existing: Callable[[Iterable[int]], set[int]] | None = None
    order: int = 0


ATTACHMENT_OWNERS: Registry[AttachmentOwner] = Registry("attachment owners")


def register_owner(owner: AttachmentOwner) -> AttachmentOwner:
    """Register a kind of owner."""
    return ATTACHMENT_OWNERS.register(owner)
