"""What the tests of signing in need."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _limits_start_anew(request, settings):
    """Counters live in the shared cache; here each test has a cache of its own."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": request.node.nodeid,
        }
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    yield
    cache.clear()
