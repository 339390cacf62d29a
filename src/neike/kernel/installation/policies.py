"""Who changes the settings, and who sees the logo."""

from neike.kernel.policies import PUBLIC, declare, role_gate

CHANGE = declare("installation.change", role_gate("SA"))
LOGO = declare("installation.logo", PUBLIC)
