"""Take from an allowance: one conditional upsert, right across processes and on both databases."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from neike.kernel.limits import windows
from neike.kernel.limits.models import LimitWindow
from neike.kernel.limits.windows import Rate

# The first row of a window is inserted; later ones are added to it, unless that would pass the budget.
_TAKE = """
INSERT INTO limits_limitwindow (key, starts_at, used) VALUES (%s, %s, %s)
ON CONFLICT (key, starts_at) DO UPDATE SET used = limits_limitwindow.used + excluded.used
WHERE limits_limitwindow.used + excluded.used <= %s
RETURNING used
"""
_KEEP = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether there was allowance left; `retry_after` in seconds, 0 when allowed."""

    allowed: bool
    remaining: int
    retry_after: int = 0

    def __bool__(self) -> bool:
        return self.allowed


def key_of(scope: str, who: str) -> str:
    """Return the stored key of somebody's use of something."""
    return salted_hmac("neike.kernel.limits", f"{scope}\n{who}", algorithm="sha256").hexdigest()


def take(*, scope: str, who: str, rate: Rate, now: datetime, amount: int = 1) -> Verdict:
    """Take `amount` from the allowance of `who` ("person:7", "network:10.0.0.1") in `scope`.

    A refusal takes nothing and writes nothing, so that a flood costs one read. Call it outside a transaction
    that may be rolled back: the use would be forgotten with it.
    """
    key, moment = key_of(scope, who), now.timestamp()
    start = windows.window_start(moment, rate)
    rows = LimitWindow.objects.filter(key=key, starts_at__in=[start, start - rate.seconds])
    used_in = dict(rows.values_list("starts_at", "used"))
    before, used = used_in.get(start - rate.seconds, 0), used_in.get(start, 0)
    budget = rate.times - windows.carried(moment, rate, before)
    after = _add(key, start, amount, budget) if used + amount <= budget else None
    if after is None:
        wait = windows.seconds_to_wait(moment, rate, before=before, used=used, amount=amount)
        return Verdict(allowed=False, remaining=max(0, budget - used), retry_after=wait)
    return Verdict(allowed=True, remaining=budget - after)


def _add(key: str, start: int, amount: int, budget: int) -> int | None:
    """Add to the window and return its use, or None when somebody else took what was left."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, start, amount, budget])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def forget_old_windows(*, now: datetime) -> int:
    """Delete what no rate looks at any more; returns how many rows."""
    return LimitWindow.objects.filter(starts_at__lt=int((now - _KEEP).timestamp())).delete()[0]
