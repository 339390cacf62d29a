"""The append-only record of who changed what, sealed in a hash chain."""

from typing import TYPE_CHECKING

from neike.kernel.audit.values import declare_personal
from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.audit.actions import erase_about, record

__all__ = ["declare_personal", "erase_about", "record"]

__getattr__ = late(__name__, erase_about="actions", record="actions")
