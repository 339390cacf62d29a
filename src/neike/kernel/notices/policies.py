"""Who may use the notices: everybody their own."""

from neike.kernel.policies import SIGNED_IN, declare

OWN = declare("notices.own", SIGNED_IN)
