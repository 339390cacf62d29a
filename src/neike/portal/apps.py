"""App configuration."""

from neike.kernel import modules


class PortalConfig(modules.Module):
    name = "neike.portal"
    label = "portal"
