"""Numbers about departments are for everybody who works here; the lists behind them show what one may read."""

from neike.kernel.policies import SIGNED_IN, declare

LISTS = declare("insights.lists", SIGNED_IN)
