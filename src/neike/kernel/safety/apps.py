"""App configuration."""

from neike.kernel import modules


class SafetyConfig(modules.Module):
    name = "neike.kernel.safety"
    label = "safety"
