"""The app configuration all our modules share: it loads what a module declares at start-up."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig

STARTUP_FILES = ("policies", "receivers", "jobs", "registrations")


class Module(AppConfig):
    """Imports the module's policies, receivers, jobs and registrations, where it has them."""

    def ready(self) -> None:
        """Load the files that declare something by being imported."""
        for file in STARTUP_FILES:
            if find_spec(f"{self.name}.{file}"):
                import_module(f"{self.name}.{file}")


def late(package: str, **homes: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of an app's package that offers functions which need its models.

    Django imports the package before its models may be loaded, so `late(__name__, announce="actions")`
    imports `package.actions` when somebody first asks for `package.announce`.
    """

    def find(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return find
