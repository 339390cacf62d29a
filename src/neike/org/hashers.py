"""Password hashing that cannot eat the machine: memory-hard, and only so many at once in a process."""

import os
import threading

from django.contrib.auth.hashers import ScryptPasswordHasher

PATIENCE = 20.0
"""Seconds a sign-in waits for its turn before it is asked to come back."""

_turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


class HashingBusyError(Exception):
    """Too many people sign in at this moment; the password was not looked at."""


class CappedScryptPasswordHasher(ScryptPasswordHasher):
    """Scrypt (N=2^14, r=8, p=5: 16 MB, about 0.15 s), at most one per processor at once.

    Scrypt is in the standard library, needs memory that graphics cards lack, and leaves the interpreter's lock while
    it works. The cap keeps a Monday morning from starving all other pages.
    Source: OWASP Password Storage Cheat Sheet, scrypt.
    """

    def encode(
        self,
        password: str,
        salt: str,
        n: int | None = None,
        r: int | None = None,
        p: int | None = None,
    ) -> str:
        """Hash a password, waiting for a turn; checking one comes through here, too.

        Raises:
            HashingBusyError: no turn came within `PATIENCE`.
        """
        if not _turns.acquire(timeout=PATIENCE):
            raise HashingBusyError
        try:
            return super().encode(password, salt, n, r, p)
        finally:
            _turns.release()
