"""App configuration."""

from neike.kernel import modules


class JobsConfig(modules.Module):
    name = "neike.kernel.jobs"
    label = "jobs"
