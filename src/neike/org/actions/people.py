"""Making, changing, switching off and erasing people."""

import secrets
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from neike.kernel.audit.actions import erase_about, record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.administrators import require_another_administrator
from neike.org.actions.errors import OrganisationError, TakenError
from neike.org.choices import PersonKind
from neike.org.events import PersonErased
from neike.org.latin import latin_name
from neike.org.models import Person

CHANGEABLE = ("employee_no", "name", "email", "phone", "left_on")
ERASED_NAME = "—"


@transaction.atomic
def create_person(
    *,
    employee_no: str,
    name: str,
    by: Person | None,
    now: datetime,
    email: str | None = None,
    phone: str = "",
    kind: PersonKind = PersonKind.HUMAN,
    can_sign_in: bool = True,
    imported_from: str = "",
) -> Person:
    """Add a person. They have no password yet: they choose one by a link, or an administrator sets one.

    Raises:
        TakenError: the employee number or the e-mail address belongs to somebody.
        OrganisationError: the number or the name is empty, or a number looks like an e-mail address.
        ValidationError: the e-mail address is none.
    """
    require(policies.may_keep_people(by, on=policies.day_of(now)))
    person = Person(kind=kind, can_sign_in=can_sign_in, imported_from=imported_from, created_at=now)
    person.set_unusable_password()
    _write(person, {"employee_no": employee_no, "name": name, "email": email, "phone": phone})
    person.save()
    record(action="org.person_created", subject=person, by=by, after=shown_person(person), now=now)
    return person


@transaction.atomic
def update_person(*, person: Person, by: Person | None, now: datetime, **changes: Any) -> Person:
    """Change what the directory says of a person: any of `CHANGEABLE`. A person who has left is signed out.

    Raises:
        TakenError: the employee number or the e-mail address belongs to somebody else.
        OrganisationError: the number or the name is empty.
        LastAdministratorError: nobody would be left to administer the installation.
    """
    require(policies.may_keep_people(by, on=policies.day_of(now)))
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"not a field of the directory: {sorted(unknown)}")
    person = Person.objects.select_for_update().get(pk=person.pk)
    before = shown_person(person)
    _write(person, changes)
    if before["email"] != person.email:
        # The library keeps addresses of its own; an old one must not open this account.
        EmailAddress.objects.filter(user=person).delete()
    person.save()
    if not person.is_active:
        require_another_administrator(person, on=policies.day_of(now))
        end_sessions(person)
    record(
        action="org.person_changed",
        subject=person,
        by=by,
        before=before,
        after=shown_person(person),
        now=now,
    )
    return person


@transaction.atomic
def set_password(*, person: Person, password: str, by: Person | None, now: datetime) -> None:
    """Give a person a password, ending all their sessions. The record says that it happened, never what it is.

    Raises:
        ValidationError: the password is too weak.
    """
    require(policies.may_keep_people(by, on=policies.day_of(now)))
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions(person)
    record(action="org.password_set", subject=person, by=by, now=now)


@transaction.atomic
def disable_sign_in(*, person: Person, by: Person | None, reason: str, now: datetime) -> None:
    """Switch a person's sign-in off and end all their sessions at once.

    Raises:
        LastAdministratorError: nobody would be left to administer the installation.
    """
    require(policies.may_keep_people(by, on=policies.day_of(now)))
    require_another_administrator(person, on=policies.day_of(now))
    _switch(person, on=False, by=by, reason=reason, now=now)
    end_sessions(person)


@transaction.atomic
def enable_sign_in(*, person: Person, by: Person | None, reason: str, now: datetime) -> None:
    """Let a person sign in again.

    Raises:
        OrganisationError: the person was erased.
    """
    require(policies.may_keep_people(by, on=policies.day_of(now)))
    if person.erased_at is not None:
        raise OrganisationError(_("This person was erased."), code="erased")
    _switch(person, on=True, by=by, reason=reason, now=now)


@transaction.atomic
def erase_person(*, person: Person, by: Person, second: Person, reason: str, now: datetime) -> None:
    """Erase who a person was: the row and what it did stay, everything that names them goes. Needs two people.

    In order: name, number, address and telephone; own choices; absences; second factors and sessions; the
    personal values of the record.

    Raises:
        LastAdministratorError: nobody would be left to administer the installation.
    """
    on = policies.day_of(now)
    require(policies.may_erase(by, second, person, on=on))
    require_another_administrator(person, on=on)
    person = Person.objects.select_for_update().get(pk=person.pk)
    token = secrets.token_hex(4)
    person.name, person.name_latin, person.name_initials = ERASED_NAME, "", ""
    person.employee_no, person.email, person.phone = f"erased-{person.pk}-{token}", None, ""
    person.language = person.zone = ""
    person.can_sign_in, person.erased_at = False, now
    person.set_unusable_password()
    person.save()
    person.absences.all().delete()
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    end_sessions(person)
    erase_about(person)
    record(
        action="org.person_erased",
        subject=person,
        by=by,
        after={"second_person": second.pk},
        reason=reason,
        now=now,
    )
    announce(PersonErased(person_id=person.pk), aggregate=f"person:{person.pk}", now=now)


def end_sessions(person: Person) -> None:
    """End every session of a person, also those no list knows."""
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    known = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=known.values("session_key")).delete()
    known.delete()


def clean_person(person: Person, changes: dict[str, Any]) -> None:
    """Put cleaned values into the row, without asking whether they belong to somebody else.

    Raises:
        OrganisationError: the number or the name is empty, or a number looks like an e-mail address.
        ValidationError: the e-mail address is none.
    """
    for field, value in changes.items():
        cleaned = value.strip() if isinstance(value, str) else value
        setattr(person, field, cleaned)
    person.email = (person.email or "").lower() or None
    if not person.employee_no or not person.name:
        raise OrganisationError(_("Number and name must not be empty."), code="empty")
    if "@" in person.employee_no:
        raise OrganisationError(_("An employee number cannot contain “@”."), code="number")
    if person.email:
        validate_email(person.email)
    latin = latin_name(person.name)
    person.name_latin, person.name_initials = latin.full, latin.initials


def _write(person: Person, changes: dict[str, Any]) -> None:
    """Put cleaned values into the row and check them against everybody else's."""
    clean_person(person, changes)
    _require_free(person)


def _require_free(person: Person) -> None:
    others = Person.objects.exclude(pk=person.pk)
    if others.filter(employee_no__iexact=person.employee_no).exists():
        raise TakenError(
            _("The employee number %(number)s belongs to somebody else.")
            % {"number": person.employee_no},
            code="employee_no",
        )
    if person.email and others.filter(email__iexact=person.email).exists():
        raise TakenError(
            _("The e-mail address %(email)s belongs to somebody else.") % {"email": person.email},
            code="email",
        )


def _switch(person: Person, *, on: bool, by: Person | None, reason: str, now: datetime) -> None:
    before = person.can_sign_in
    Person.objects.filter(pk=person.pk).update(can_sign_in=on)
    person.can_sign_in = on
    record(
        action="org.sign_in_enabled" if on else "org.sign_in_disabled",
        subject=person,
        by=by,
        before={"can_sign_in": before},
        after={"can_sign_in": on},
        reason=reason,
        now=now,
    )


def shown_person(person: Person) -> dict[str, object]:
    """Return what the record says of a person."""
    return {field: getattr(person, field) for field in (*CHANGEABLE, "kind", "can_sign_in")}
