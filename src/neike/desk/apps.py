"""App configuration."""

from neike.kernel import modules


class DeskConfig(modules.Module):
    name = "neike.desk"
    label = "desk"
