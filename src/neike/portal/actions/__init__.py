"""What people do at the door."""

from neike.portal.actions.starting import start_for_real
from neike.portal.actions.welcome import dismiss_welcome

__all__ = ["dismiss_welcome", "start_for_real"]
