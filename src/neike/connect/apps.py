"""App configuration."""

from neike.kernel import modules


class ConnectConfig(modules.Module):
    name = "neike.connect"
    label = "connect"
