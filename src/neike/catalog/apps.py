"""App configuration."""

from neike.kernel import modules


class CatalogConfig(modules.Module):
    name = "neike.catalog"
    label = "catalog"
