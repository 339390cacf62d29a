"""Every address of the product: the pages and the API of each module that has some."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from neike.config.api import api

MODULES = ("portal", "insights", "surveys", "desk", "relations", "catalog", "org")
KERNEL_PAGES = (
    "ui",
    "installation",
    "attachments",
    "audit",
    "notices",
    "mail",
    "jobs",
    "health",
    "live",
)


def _pages(package: str, prefix: str) -> list[URLPattern | URLResolver]:
    """Return the include of `package.urls` when the package has pages."""
    return [path(prefix, include(f"{package}.urls"))] if find_spec(f"{package}.urls") else []


urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("neike.config.sign_in_urls"))
]
for _kernel in KERNEL_PAGES:
    urlpatterns += _pages(f"neike.kernel.{_kernel}", "")
for _module in reversed(MODULES):
    urlpatterns += _pages(f"neike.{_module}", "")
urlpatterns += [path("api/v1/", api.urls)]

handler400 = "neike.kernel.ui.views.bad_request"
handler403 = "neike.kernel.ui.views.forbidden"
handler404 = "neike.kernel.ui.views.not_found"
handler500 = "neike.kernel.ui.views.server_error"
