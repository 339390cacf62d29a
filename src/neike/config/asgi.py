"""The server's entry: refuses to start when a route has no policy, and bodies that are too long; static files first.

What listens for changes is kept open around the framework, not in it.
"""

import gc
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neike.config.settings")

_django = get_asgi_application()

from neike.config.static import StaticFiles  # noqa: E402 - needs the settings
from neike.config.threads import KeptThreads  # noqa: E402 - needs the settings
from neike.kernel.limits.guard import UploadGuard  # noqa: E402 - needs the apps loaded
from neike.kernel.live.streams import LiveStreams  # noqa: E402 - needs the apps loaded
from neike.kernel.policies.checks import refuse_unguarded_routes  # noqa: E402 - needs the apps loaded

refuse_unguarded_routes()
application = StaticFiles(UploadGuard(LiveStreams(KeptThreads(_django))))

# What start-up made stays for good: the collector need not walk through it on every page. And a page that makes
# thirty thousand small objects (a map) is not worth forty collections.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
