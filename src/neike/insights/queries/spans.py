"""Rows of a period."""

from datetime import date, datetime

from django.db.models import Q

from neike.org import queries as org_queries
from neike.org.periods import Period


def in_period(period: Period, field: str) -> Q:
    """Match rows whose day lies in the period."""
    return Q(**{f"{field}__gte": period.start, f"{field}__lt": period.end})


def in_moments(period: Period, field: str) -> Q:
    """Match rows whose moment lies in the period."""
    return Q(**{f"{field}__gte": period.starts_at, f"{field}__lt": period.ends_at})


def day_of_chart(period: Period, now: datetime) -> date:
    """Return the day whose organisation belongs to a period: its last one, but not one to come."""
    return min(org_queries.organisation_day(now), date.fromordinal(period.end.toordinal() - 1))
