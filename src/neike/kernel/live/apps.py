"""App configuration."""

from neike.kernel import modules


class LiveConfig(modules.Module):
    name = "neike.kernel.live"
    label = "live"
