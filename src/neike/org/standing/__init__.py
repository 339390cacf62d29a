"""Who stands where on a day: the organisation chart, placements, leads and roles.

It lies below `policies`, so that policies and queries share one answer; other modules read it as `org.queries`.
"""

from neike.org.standing.chart import DepartmentOnDay, Leader, OrgChart, chart
from neike.org.standing.days import on_day
from neike.org.standing.managers import direct_reports, manager_of, managers_of
from neike.org.standing.merges import merged_into
from neike.org.standing.placements import (
    agents_of,
    belongs_to,
    department_of,
    departments_served_by,
    works_for,
)
from neike.org.standing.roles import (
    STAFF,
    Held,
    departments_led_by,
    forget,
    held_by,
    holds_role,
    holds_role_anywhere,
    leads,
    remembered,
)
from neike.org.standing.staff import (
    Colleague,
    colleagues_of,
    ids_led_by,
    ids_served_by,
    staffed,
)

__all__ = [
    "STAFF",
    "Colleague",
    "DepartmentOnDay",
    "Held",
    "Leader",
    "OrgChart",
    "agents_of",
    "belongs_to",
    "chart",
    "colleagues_of",
    "department_of",
    "departments_led_by",
    "departments_served_by",
    "direct_reports",
    "forget",
    "held_by",
    "holds_role",
    "holds_role_anywhere",
    "ids_led_by",
    "ids_served_by",
    "leads",
    "manager_of",
    "managers_of",
    "merged_into",
    "on_day",
    "remembered",
    "staffed",
    "works_for",
]
