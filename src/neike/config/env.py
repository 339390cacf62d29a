"""Read `NEIKE_*` environment variables and refuse nonsense with a clear message."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


class SettingError(Exception):
    """An environment variable holds something Neike cannot use."""


def text(name: str, default: str = "") -> str:
    """Return the variable, or `default` when it is unset or blank."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no variable.

    Raises:
        SettingError: the value is none of 1, 0, true, false, yes, no.
    """
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise SettingError(f"{name} must be true or false, not {value!r}")


def whole(name: str, default: int) -> int:
    """Return a whole number.

    Raises:
        SettingError: the value is not a whole number.
    """
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise SettingError(f"{name} must be a whole number, not {value!r}") from error


def words(name: str, default: list[str]) -> list[str]:
    """Return a comma-separated list without blanks."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock first, so that a read-then-write never fails half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-20000;"
    ),
}


def database(name: str, default: str) -> dict[str, object]:
    """Return Django's database entry for a `sqlite:///path` or `postgresql://user@host/name` address.

    A PostgreSQL socket folder is given as `?host=/path`.

    Raises:
        SettingError: another scheme, or an address without a database name.
    """
    url = urlsplit(text(name, default))
    if url.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.path.removeprefix("/")) or ":memory:",
            "OPTIONS": dict(SQLITE_OPTIONS),
        }
    if url.scheme not in {"postgres", "postgresql"}:
        raise SettingError(f"{name} must start with sqlite:/// or postgresql://")
    database_name = unquote(url.path.removeprefix("/"))
    if not database_name:
        raise SettingError(f"{name} names no database")
    query = parse_qs(url.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.get("host", [url.hostname or ""])[0],
        "PORT": str(url.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }


def folder(name: str, default: Path) -> Path:
    """Return a folder, made if it is missing, readable by its owner only."""
    path = Path(text(name, str(default))).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
