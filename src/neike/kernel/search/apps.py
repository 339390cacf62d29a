"""App configuration."""

from neike.kernel import modules


class SearchConfig(modules.Module):
    name = "neike.kernel.search"
    label = "search"
