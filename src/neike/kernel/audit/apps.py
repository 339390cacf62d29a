"""App configuration."""

from neike.kernel import modules


class AuditConfig(modules.Module):
    name = "neike.kernel.audit"
    label = "audit"
