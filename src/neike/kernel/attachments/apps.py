"""App configuration."""

from neike.kernel import modules


class AttachmentsConfig(modules.Module):
    name = "neike.kernel.attachments"
    label = "attachments"
