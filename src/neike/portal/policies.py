"""Who may use the way in."""

from neike.kernel.policies import SIGNED_IN, declare

HOME = declare("portal.home", SIGNED_IN)
