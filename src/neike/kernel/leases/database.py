"""The database's clock, by which all workers agree on leases, and a limit for transactions that stand still."""

from datetime import UTC, datetime, timedelta

from django.db import connection

_CLOCK = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
    "postgresql": "SELECT clock_timestamp()",
}


def database_now() -> datetime:
    """Return the database's present moment, aware, in UTC (milliseconds on SQLite)."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOCK[connection.vendor])
        (value,) = cursor.fetchone()
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


def bound_transaction(limit: timedelta) -> None:
    """Let PostgreSQL end this transaction when its process stands still in it for `limit`.

    Without it a frozen process would keep its row locks until it wakes or dies. SQLite has no such limit:
    there a process frozen inside a transaction stops all writers until it wakes or is killed.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('idle_in_transaction_session_timeout', %s, true)",
                [f"{int(limit.total_seconds() * 1000)}ms"],
            )
