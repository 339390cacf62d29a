"""App configuration."""

from neike.kernel import modules


class OrgConfig(modules.Module):
    name = "neike.org"
    label = "org"
