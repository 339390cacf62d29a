"""The zone in which cron expressions are read."""

from zoneinfo import ZoneInfo

from django.conf import settings


def zone() -> ZoneInfo:
    """Return the organisation's zone."""
    return ZoneInfo(settings.TIME_ZONE)
