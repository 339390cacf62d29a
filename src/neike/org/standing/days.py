"""The filter for rows that hold on a day."""

from datetime import date

from django.db.models import Q


def on_day(on: date, prefix: str = "") -> Q:
    """Match rows whose half-open `valid_from`/`valid_to` contain the day; `prefix` ends in "__"."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on})
    )
