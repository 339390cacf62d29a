"""People: everybody looks them up and keeps their own profile; administrators keep the accounts."""

from datetime import date

from neike.kernel.policies import SIGNED_IN, Decision, allow, declare, deny, role_gate
from neike.org.choices import Role
from neike.org.models import Person
from neike.org.standing import holds_role

DIRECTORY = declare("org.directory", SIGNED_IN)
OWN_PROFILE = declare("org.own_profile", SIGNED_IN)
PEOPLE_EDIT = declare("org.people_edit", role_gate(Role.ADMINISTRATOR))
PEOPLE_ERASE = declare("org.people_erase", role_gate(Role.ADMINISTRATOR, Role.HR))


def may_keep_people(person: Person | None, *, on: date) -> Decision:
    """Only system administrators make, change and switch off accounts; None is the system itself."""
    if person is None or holds_role(person, Role.ADMINISTRATOR, on=on):
        return allow()
    return deny("not_administrator")


def may_keep_absence(by: Person | None, person: Person) -> Decision:
    """Only the person announces their own absence and names who stands in; None is the system itself."""
    return allow() if by is None or by.pk == person.pk else deny("not_oneself")


def may_propose_erasure(by: Person, person: Person, *, on: date) -> Decision:
    """Administrators (system or performance) propose to erase anybody but themselves."""
    if by.pk == person.pk:
        return deny("own_account")
    entitled = (Role.ADMINISTRATOR, Role.HR)
    held = any(holds_role(by, role, on=on) for role in entitled)
    return allow() if held else deny("not_administrator")


def may_erase(by: Person, second: Person, person: Person, *, on: date) -> Decision:
    """Erasing a person needs two administrators (system or performance), neither of them the person."""
    if by.pk == second.pk:
        return deny("needs_second_person")
    if person.pk in {by.pk, second.pk}:
        return deny("own_account")
    entitled = (Role.ADMINISTRATOR, Role.HR)
    if all(any(holds_role(each, role, on=on) for role in entitled) for each in (by, second)):
        return allow()
    return deny("not_administrator")
