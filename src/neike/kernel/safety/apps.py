"""App configuration."""

from typing import Any

from django.db.models.signals import post_migrate, pre_migrate

from neike.kernel import modules


class SafetyConfig(modules.Module):
    name = "neike.kernel.safety"
    label = "safety"

    def ready(self) -> None:
        """Install the safety objects once after every migrate, and after a test database is emptied.

        Before a migrate that has something to do they are taken away on SQLite, which changes a table by building
        it anew and cannot while a trigger names it.
        """
        super().ready()
        pre_migrate.connect(_clear, sender=self, dispatch_uid="neike.kernel.safety.clear")
        post_migrate.connect(_install, sender=self, dispatch_uid="neike.kernel.safety")


def _clear(*, using: str, plan: list[Any], **_signal: Any) -> None:
    from neike.kernel.safety.install import drop_triggers

    if plan:
        drop_triggers(using)


def _install(*, using: str, **_signal: Any) -> None:
    from neike.kernel.safety.install import install_safety_objects

    install_safety_objects(using)
