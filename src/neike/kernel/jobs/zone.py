"""The zone in which cron expressions are read."""

from zoneinfo import ZoneInfo

from neike.kernel import installation


def zone() -> ZoneInfo:
    """Return the organisation's zone."""
    return ZoneInfo(installation.current().zone)
