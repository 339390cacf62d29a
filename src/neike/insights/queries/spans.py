"""Rows of a period."""

from django.db.models import Q

from neike.org.periods import Period


def in_period(period: Period, field: str) -> Q:
    """Match rows whose day lies in the period."""
    return Q(**{f"{field}__gte": period.start, f"{field}__lt": period.end})


def in_moments(period: Period, field: str) -> Q:
    """Match rows whose moment lies in the period."""
    return Q(**{f"{field}__gte": period.starts_at, f"{field}__lt": period.ends_at})
