"""App configuration."""

from neike.kernel import modules


class MailConfig(modules.Module):
    name = "neike.kernel.mail"
    label = "mail"
