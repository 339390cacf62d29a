"""App configuration."""

from neike.kernel import modules


class HealthConfig(modules.Module):
    name = "neike.kernel.health"
    label = "health"
