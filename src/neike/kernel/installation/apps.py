"""App configuration."""

from neike.kernel import modules


class InstallationConfig(modules.Module):
    name = "neike.kernel.installation"
    label = "installation"
