"""App configuration."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "neike.kernel.policies"
    label = "policies"

    def ready(self) -> None:
        """Add the route check to the framework's checks."""
        from django.core.checks import register

        from neike.kernel.policies.checks import check_routes

        register(check_routes)
