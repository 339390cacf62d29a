"""Who looks after background work: system administrators."""

from neike.kernel.policies import declare, role_gate

OPERATE = declare("jobs.operate", role_gate("SA"))
