"""Who changes the settings, and who sees the logo and what else browsers and robots look for."""

from neike.kernel.policies import PUBLIC, declare, role_gate

CHANGE = declare("installation.change", role_gate("SA"))
LOGO = declare("installation.logo", PUBLIC)
SIGNS = declare("installation.signs", PUBLIC)
