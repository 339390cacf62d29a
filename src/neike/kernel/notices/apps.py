"""App configuration."""

from neike.kernel import modules


class NoticesConfig(modules.Module):
    name = "neike.kernel.notices"
    label = "notices"
