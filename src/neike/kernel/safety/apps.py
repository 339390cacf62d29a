"""App configuration."""

from typing import Any

from django.db.models.signals import post_migrate

from neike.kernel import modules


class SafetyConfig(modules.Module):
    name = "neike.kernel.safety"
    label = "safety"

    def ready(self) -> None:
        """Install the safety objects once after every migrate, and after a test database is emptied."""
        super().ready()
        post_migrate.connect(_install, sender=self, dispatch_uid="neike.kernel.safety")


def _install(*, using: str, **_signal: Any) -> None:
    from neike.kernel.safety.install import install_safety_objects

    install_safety_objects(using)
