"""How promises are written on pages."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from neike.catalog import queries, wording
from neike.catalog.models import ServiceStandard
from neike.org import queries as org_queries
from neike.org.models import BusinessCalendar

register = template.Library()


@register.filter
def working_time(seconds: int | None, day: int = wording.DEFAULT_DAY) -> str:
    """Write working seconds in words; the argument is the length of a working day."""
    return wording.working_time(seconds, day)


@register.simple_tag
def promise_words(standard: ServiceStandard | None) -> str:
    """Write what a standard usually promises: "first answer within 1 h, done within 1 working day"."""
    if standard is None:
        return ""
    day = queries.working_day(standard.calendar)
    promised = queries.promise(standard, standard.default_priority)
    return _("first answer within %(answer)s, done within %(done)s") % {
        "answer": wording.working_time(promised.get("first_response"), day),
        "done": wording.working_time(promised.get("end_to_end"), day),
    }


@register.simple_tag
def provisional_note(calendar: BusinessCalendar | None, at: datetime | None) -> str:
    """Say that a due time may still move, because its year's make-up days are not published; else "".

    Belongs to every page that shows one due time: `{% provisional_note clock.calendar clock.due_at as note %}`.
    One query unless the calendar's `years` were prefetched.
    """
    return wording.may_still_move(org_queries.provisional_year(calendar, at))
