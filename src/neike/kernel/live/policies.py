"""Who may listen: everybody who is signed in; to what is decided topic by topic."""

from neike.kernel.policies import SIGNED_IN, declare

LISTEN = declare("live.listen", SIGNED_IN)
