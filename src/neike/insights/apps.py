"""App configuration."""

from neike.kernel import modules


class InsightsConfig(modules.Module):
    name = "neike.insights"
    label = "insights"
