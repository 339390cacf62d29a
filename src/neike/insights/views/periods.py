"""The period an address names."""

from typing import Final

from django.http import Http404, HttpRequest

from neike.insights.queries.spans import day_of_chart
from neike.org import queries as org_queries
from neike.org.periods import Period

__all__ = ["FIRST_YEAR", "LAST_YEAR", "day_of_chart", "named_period"]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""The years working time is computed for."""


def named_period(request: HttpRequest) -> Period | None:
    """Return the period an address names, None when it names none.

    Raises:
        Http404: what it names is no period, or too far away.
    """
    key = request.GET.get("period", "")
    if not key:
        return None
    try:
        found = org_queries.period_from_key(key)
    except ValueError as error:
        raise Http404 from error
    if not FIRST_YEAR < found.start.year < LAST_YEAR:
        raise Http404
    return found
