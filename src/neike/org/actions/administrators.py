"""The first administrator, and that there is always one."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from neike.kernel.audit.actions import record
from neike.org import policies
from neike.org.actions.errors import OrganisationError
from neike.org.choices import Role
from neike.org.models import Person, RoleGrant
from neike.org.standing import on_day

FIRST_NUMBER: Final = "admin"


class LastAdministratorError(OrganisationError):
    """Nobody would be left to administer the installation."""


class SetUpClosedError(OrganisationError):
    """Somebody has been an administrator already: set-up is over for ever."""


def require_another_administrator(person: Person, *, on: date) -> None:
    """Refuse when the person is the last administrator who can sign in."""
    grants = RoleGrant.objects.select_for_update().filter(on_day(on), role=Role.ADMINISTRATOR)
    holders = {grant.person_id for grant in grants}
    if person.pk not in holders:
        return
    others = Person.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on), pk__in=holders - {person.pk}, can_sign_in=True
    )
    if not others.exists():
        raise LastAdministratorError(
            _("%(name)s is the last administrator. Name another one first.")
            % {"name": person.name},
            code="last_administrator",
        )


def set_up_is_open() -> bool:
    """Tell whether nobody has ever been an administrator here."""
    return not RoleGrant.objects.filter(role=Role.ADMINISTRATOR).exists()


@transaction.atomic
def name_first_administrator(*, person: Person, now: datetime) -> RoleGrant:
    """Make a person the first administrator; nobody else can ever be made one in this way.

    Raises:
        SetUpClosedError: there has been an administrator.
    """
    # The lock makes two set-ups at once wait for one another.
    list(Person.objects.select_for_update().order_by("pk")[:1])
    if not set_up_is_open():
        raise SetUpClosedError(
            _(
                "This installation is set up already. Administrators name further ones on the roles page."
            ),
            code="closed",
        )
    grant = RoleGrant.objects.create(
        person=person,
        role=Role.ADMINISTRATOR,
        valid_from=policies.day_of(now),
        reason="set-up",
    )
    record(
        action="org.role_granted",
        subject=grant,
        by=None,
        after={"person": person.public_id, "role": grant.role, "valid_from": grant.valid_from},
        reason=grant.reason,
        about=person,
        now=now,
    )
    return grant
