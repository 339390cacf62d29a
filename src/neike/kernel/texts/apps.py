"""App configuration."""

from neike.kernel import modules


class TextsConfig(modules.Module):
    name = "neike.kernel.texts"
    label = "texts"
