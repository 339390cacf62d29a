"""Pages of the portal."""

from neike.portal.views.home import home
from neike.portal.views.loop import loop, loops

__all__ = ["home", "loop", "loops"]
