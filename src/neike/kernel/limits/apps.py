"""App configuration."""

from neike.kernel import modules


class LimitsConfig(modules.Module):
    name = "neike.kernel.limits"
    label = "limits"
