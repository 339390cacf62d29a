"""App configuration."""

from neike.kernel import modules


class OutboxConfig(modules.Module):
    name = "neike.kernel.outbox"
    label = "outbox"
