"""Tell open pages that something they show has changed: never what, only that."""

from typing import TYPE_CHECKING

from neike.kernel.live.topics import TOPICS, TopicKind
from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.live.actions import changed

__all__ = ["TOPICS", "TopicKind", "changed"]

__getattr__ = late(__name__, changed="actions")
