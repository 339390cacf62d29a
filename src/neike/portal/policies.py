"""Who may use the way in."""

from neike.kernel.policies import SIGNED_IN, declare

HOME = declare("portal.home", SIGNED_IN)
LOOP = declare("portal.loop", SIGNED_IN)
