"""Notifications inside the product."""

from typing import TYPE_CHECKING

from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.notices.actions import notify

__all__ = ["notify"]

__getattr__ = late(__name__, notify="actions")
