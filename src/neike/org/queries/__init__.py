"""What can be looked up about the organisation. Days are dates in the organisation's zone."""

from neike.org.queries.calendars import (
    calendar_of,
    calendar_spec,
    default_calendar,
    is_provisional,
    prepared_calendar,
)
from neike.org.queries.people import people_visible_to, stands_in_for, substitutes_of
from neike.org.queries.periods import (
    current_quarter,
    organisation_day,
    period_from_key,
    period_of,
    quarter_of,
)
from neike.org.standing import (
    DepartmentOnDay,
    Leader,
    OrgChart,
    agents_of,
    belongs_to,
    chart,
    department_of,
    departments_led_by,
    departments_served_by,
    holds_role,
    holds_role_anywhere,
    leads,
    staffed,
    works_for,
)

__all__ = [
    "DepartmentOnDay",
    "Leader",
    "OrgChart",
    "agents_of",
    "belongs_to",
    "calendar_of",
    "calendar_spec",
    "chart",
    "current_quarter",
    "default_calendar",
    "department_of",
    "departments_led_by",
    "departments_served_by",
    "holds_role",
    "holds_role_anywhere",
    "is_provisional",
    "leads",
    "organisation_day",
    "people_visible_to",
    "period_from_key",
    "period_of",
    "prepared_calendar",
    "quarter_of",
    "staffed",
    "stands_in_for",
    "substitutes_of",
    "works_for",
]
