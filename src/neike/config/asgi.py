"""The server's entry: refuses to start when a route has no policy."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")

application = get_asgi_application()

from neike.kernel.policies.checks import refuse_unguarded_routes  # noqa: E402 - needs the apps loaded

refuse_unguarded_routes()
