"""Files served only through the policy of what they are attached to."""

from typing import TYPE_CHECKING

from neike.kernel.attachments.owners import AttachmentOwner, register_owner
from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.attachments.actions import UploadRefusedError, attach, claim, redact
    from neike.kernel.attachments.queries import attachments_of, may_read

__all__ = [
    "AttachmentOwner",
    "UploadRefusedError",
    "attach",
    "attachments_of",
    "claim",
    "may_read",
    "redact",
    "register_owner",
]

__getattr__ = late(
    __name__,
    UploadRefusedError="actions",
    attach="actions",
    claim="actions",
    redact="actions",
    attachments_of="queries",
    may_read="queries",
)
