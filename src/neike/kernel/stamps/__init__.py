"""Say cheaply whether a group of tables changed, so that what was read from them may be kept in memory."""

from typing import TYPE_CHECKING

from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.stamps.reading import Kept, stamp_of, stamps_of
    from neike.kernel.stamps.triggers import stamped

__all__ = ["Kept", "stamp_of", "stamped", "stamps_of"]

__getattr__ = late(
    __name__, Kept="reading", stamp_of="reading", stamps_of="reading", stamped="triggers"
)
