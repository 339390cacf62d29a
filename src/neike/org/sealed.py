"""Keep second-factor secrets unreadable in the database and in its backups."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

_PURPOSE = b"neike.org.secrets.v1"


def seal(text: str) -> str:
    """Return the text encrypted with the installation's secret key."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text; also when it was sealed with one of the earlier secret keys.

    Raises:
        cryptography.fernet.InvalidToken: it was sealed with another key, or changed since.
    """
    return _box().decrypt(sealed.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_from(secret)) for secret in keys])


def _key_from(secret: str | bytes) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    derived = key.derive(force_bytes(secret))
    return base64.urlsafe_b64encode(derived)
