"""Days and periods of this organisation: its zone and its fiscal year."""

from datetime import date, datetime

from neike.kernel import installation
from neike.org import periods
from neike.org.periods import Period, PeriodKind


def organisation_day(now: datetime) -> date:
    """Return the date it is in the organisation's zone."""
    return periods.local_day(now, installation.current().zone)


def period_of(day: date, kind: PeriodKind = PeriodKind.QUARTER) -> Period:
    """Return the organisation's period of a kind that holds a local day."""
    settings = installation.current()
    return periods.period_of(
        day, kind=kind, zone=settings.zone, fiscal_start=settings.fiscal_start_month
    )


def quarter_of(day: date) -> Period:
    """Return the organisation's quarter that holds a local day."""
    return period_of(day, PeriodKind.QUARTER)


def current_quarter(now: datetime) -> Period:
    """Return the organisation's quarter that runs at a moment."""
    return quarter_of(organisation_day(now))


def period_from_key(key: str) -> Period:
    """Return the period an address names.

    Raises:
        ValueError: the text names no period.
    """
    settings = installation.current()
    return periods.period_from_key(
        key, zone=settings.zone, fiscal_start=settings.fiscal_start_month
    )
