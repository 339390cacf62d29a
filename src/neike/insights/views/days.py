"""How long a working day is."""

from collections import Counter
from typing import Final

from neike.kernel.registries import LoopPage
from neike.org import queries as org_queries
from neike.org.models import BusinessCalendar

DAY: Final = 8 * 3600
"""Seconds of a working day where no calendar says otherwise."""


def working_day(page: LoopPage) -> int:
    """Return the seconds most weekdays of the department's calendar are open."""
    pk = page.organisation.calendar_id(page.department.id)
    calendar = BusinessCalendar.objects.filter(pk=pk).first()
    if calendar is None:
        return DAY
    week = org_queries.prepared_calendar(calendar).spec.week
    lengths = [sum(shift.closes - shift.opens for shift in shifts) for shifts in week]
    usual = Counter(length for length in lengths if length).most_common(1)
    return usual[0][0] if usual else DAY
