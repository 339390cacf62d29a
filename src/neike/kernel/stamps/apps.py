"""App configuration."""

from neike.kernel import modules


class StampsConfig(modules.Module):
    name = "neike.kernel.stamps"
    label = "stamps"
