"""Events told upward: an outbox row in the same transaction, one delivery per receiver."""

from typing import TYPE_CHECKING

from neike.kernel.modules import late
from neike.kernel.outbox.receiving import receives

if TYPE_CHECKING:
    from neike.kernel.outbox.actions import announce, resend
    from neike.kernel.outbox.delivering import deliver_pending

__all__ = ["announce", "deliver_pending", "receives", "resend"]

__getattr__ = late(__name__, announce="actions", resend="actions", deliver_pending="delivering")
