"""Who may use the notices: everybody their own. A stop link works for whoever holds it, and only takes mails away."""

from neike.kernel.policies import PUBLIC, SIGNED_IN, declare

OWN = declare("notices.own", SIGNED_IN)
STOP = declare("notices.stop", PUBLIC)
