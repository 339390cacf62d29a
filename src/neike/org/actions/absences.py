"""Being out of office, and who stands in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.audit.actions import record
from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.errors import DatesError, OrganisationError
from neike.org.choices import SubstitutionScope
from neike.org.models import Absence, Person, Substitution


def announce_absence(
    *,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    message: str,
    by: Person | None,
    now: datetime,
) -> Absence:
    """Say that a person is out of office from `starts_at` until `ends_at` (exclusive).

    Raises:
        DatesError: it is over already, or ends before it begins.
    """
    require(policies.may_keep_absence(by, person))
    _require_order(starts_at, ends_at, now)
    return Absence.objects.create(
        person=person, starts_at=starts_at, ends_at=ends_at, message=message.strip()
    )


def withdraw_absence(*, absence: Absence, by: Person | None, now: datetime) -> None:
    """End an absence now; one that has not begun vanishes."""
    require(policies.may_keep_absence(by, absence.person))
    if absence.starts_at >= now:
        absence.delete()
    elif absence.ends_at > now:
        absence.ends_at = now
        absence.save(update_fields=["ends_at"])


@transaction.atomic
def name_substitute(
    *,
    person: Person,
    substitute: Person,
    scope: SubstitutionScope,
    starts_at: datetime,
    ends_at: datetime,
    by: Person | None,
    now: datetime,
) -> Substitution:
    """Let `substitute` act for `person` from `starts_at` until `ends_at` (exclusive), in the scope named.

    Raises:
        DatesError: it is over already, or ends before it begins.
        OrganisationError: the substitute is the person, or may not sign in.
    """
    require(policies.may_keep_absence(by, person))
    _require_order(starts_at, ends_at, now)
    if substitute.pk == person.pk:
        raise OrganisationError(_("You cannot stand in for yourself."), code="oneself")
    if not substitute.is_active:
        raise OrganisationError(
            _("%(name)s may not sign in at present.") % {"name": substitute.name}, code="inactive"
        )
    made = Substitution.objects.create(
        person=person, substitute=substitute, scope=scope, starts_at=starts_at, ends_at=ends_at
    )
    record(
        action="org.substitute_named",
        subject=made,
        by=by,
        after=_shown(made),
        about=person,
        now=now,
    )
    return made


@transaction.atomic
def end_substitution(*, substitution: Substitution, by: Person | None, now: datetime) -> None:
    """End a substitution now; one that has not begun vanishes."""
    require(policies.may_keep_absence(by, substitution.person))
    if substitution.ends_at <= now:
        return
    before = _shown(substitution)
    record(
        action="org.substitution_ended",
        subject=substitution,
        by=by,
        before=before,
        after={**before, "ends_at": now},
        about=substitution.person,
        now=now,
    )
    if substitution.starts_at >= now:
        substitution.delete()
    else:
        substitution.ends_at = now
        substitution.save(update_fields=["ends_at"])


def _require_order(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise DatesError(_("The end must lie after the beginning."), code="reversed")
    if ends_at <= now:
        raise DatesError(_("That time is over already."), code="over")


def _shown(row: Substitution) -> dict[str, object]:
    return {
        "person": row.person.public_id,
        "substitute": row.substitute.public_id,
        "scope": row.scope,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }
