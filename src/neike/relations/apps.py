"""App configuration."""

from neike.kernel import modules


class RelationsConfig(modules.Module):
    name = "neike.relations"
    label = "relations"
