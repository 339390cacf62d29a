"""The app configuration all our modules share: it loads what a module declares at start-up."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

STARTUP_FILES = ("policies", "receivers", "jobs", "registrations")


class Module(AppConfig):
    """Imports the module's policies, receivers, jobs and registrations, where it has them."""

    def ready(self) -> None:
        """Load the files that declare something by being imported."""
        for file in STARTUP_FILES:
            if find_spec(f"{self.name}.{file}"):
                import_module(f"{self.name}.{file}")
