"""Who reads the record."""

from neike.kernel.policies import declare, role_gate

READ = declare("audit.read", role_gate("AU"))
