"""Outbound mail in both languages through the queue, and the catcher of the demo."""

from typing import TYPE_CHECKING

from neike.kernel.mail.preparing import prepares
from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.mail.actions import send

__all__ = ["prepares", "send"]

__getattr__ = late(__name__, send="actions")
