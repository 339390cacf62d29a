"""Notifications: in the product, and outside it when their person wants it."""

from typing import TYPE_CHECKING

from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.notices.actions import About, OwnMail, notify, notify_all

__all__ = ["About", "OwnMail", "notify", "notify_all"]

__getattr__ = late(
    __name__, notify="actions", notify_all="actions", OwnMail="actions", About="actions"
)
