"""App configuration."""

from neike.kernel import modules


class UiConfig(modules.Module):
    name = "neike.kernel.ui"
    label = "ui"
