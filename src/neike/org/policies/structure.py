"""Departments, positions, placements, calendars and imports: everybody reads, administrators change."""

from datetime import date, datetime

from neike.kernel import installation
from neike.kernel.policies import SIGNED_IN, Decision, allow, declare, deny, role_gate
from neike.org.choices import Role
from neike.org.models import Person
from neike.org.periods import local_day
from neike.org.standing import holds_role

_ADMINISTRATORS = role_gate(Role.ADMINISTRATOR)

STRUCTURE = declare("org.structure", SIGNED_IN)
STRUCTURE_EDIT = declare("org.structure_edit", _ADMINISTRATORS)
CALENDARS = declare("org.calendars", SIGNED_IN)
CALENDAR_EDIT = declare("org.calendar_edit", _ADMINISTRATORS)
IMPORT = declare("org.import", _ADMINISTRATORS)


def day_of(now: datetime) -> date:
    """Return the date it is in the organisation's zone: the day on which rights are asked."""
    return local_day(now, installation.current().zone)


def may_change_organisation(person: Person | None, *, on: date) -> Decision:
    """Only system administrators change the organisation; None is the system itself (set-up, commands, demo)."""
    if person is None or holds_role(person, Role.ADMINISTRATOR, on=on):
        return allow()
    return deny("not_administrator")
