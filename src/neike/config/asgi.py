"""The server's entry: refuses to start when a route has no policy, and bodies that are too long."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")

_django = get_asgi_application()

from neike.kernel.limits.guard import UploadGuard  # noqa: E402 - needs the apps loaded
from neike.kernel.policies.checks import refuse_unguarded_routes  # noqa: E402 - needs the apps loaded

refuse_unguarded_routes()
application = UploadGuard(_django)
