"""The product's settings, with what tests need otherwise: cheap passwords, static files without a manifest."""

import os
from pathlib import Path

os.environ.setdefault("NEIKE_DATA", str(Path(__file__).resolve().parents[1] / "var" / "test"))

from neike.config.settings import *  # noqa: F403 - the environment comes first
from neike.config.settings import STORAGES as PRODUCT_STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **PRODUCT_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Pages under test look after themselves; the tests of live updates start a server of their own.
LIVE = False
