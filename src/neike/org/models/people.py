"""People, where they are placed, and who stands in for them."""

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from neike.kernel import installation
from neike.kernel.ids import new_public_id
from neike.org.choices import PersonKind, SubstitutionScope, Theme


class PersonManager(BaseUserManager["Person"]):
    """Looks people up by employee number, as the framework expects of the user model."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person with this employee number."""
        return self.get(employee_no=username)


class Person(AbstractBaseUser):
    """Somebody, or some service, that acts in the product. The user model.

    `name_latin` is the pinyin (or Latin) form of `name`, lower case, family name first, for sorting and
    search ("chen siyuan"); `name_initials` its first letters ("csy"). Both are made by `org.latin`.
    `session_epoch` is part of every session's proof: raising it ends all sessions of the person.
    Erasure replaces the name and keeps the row.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    employee_no = models.CharField(_("employee number"), max_length=64, unique=True)
    name = models.CharField(_("full name"), max_length=120)
    name_latin = models.CharField(_("name in Latin letters"), max_length=200, blank=True)
    name_initials = models.CharField(max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    kind = models.CharField(max_length=8, choices=PersonKind, default=PersonKind.HUMAN)
    can_sign_in = models.BooleanField(_("can sign in"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    imported_from = models.CharField(max_length=64, blank=True)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "employee_no"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        indexes = [models.Index(fields=["name_latin", "id"], name="org_person_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # the framework declares a plain attribute
        """Whether this person may sign in today (the framework's word for it, asked at every request)."""
        if not self.can_sign_in or self.erased_at is not None:
            return False
        if self.left_on is None:
            return True
        now = timezone.now()  # noqa: TID251 - the framework gives no clock here
        return self.left_on > now.astimezone(installation.current().zone_info).date()

    def get_full_name(self) -> str:
        """Return the name, for the framework."""
        return self.name

    def get_session_auth_hash(self) -> str:
        """Return the proof every session carries; a new password or a raised epoch makes old proofs worthless."""
        return self._session_proof(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the proofs made with the installation's earlier secret keys."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_proof(secret)

    def _session_proof(self, secret: str | bytes | None) -> str:
        return salted_hmac(
            "neike.org.Person.session",
            f"{self.password}|{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


def display_name(person: Person) -> str:
    """Return what the sign-in library shows of a person."""
    return person.name


class Placement(models.Model):
    """A person in a position, half-open in dates; at most one primary placement at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="placements")
    position = models.ForeignKey(
        "org.Position", on_delete=models.PROTECT, related_name="placements"
    )
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="placements"
    )
    is_primary = models.BooleanField(_("primary"), default=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "position", "valid_from"], name="org_placement_unique"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(is_primary=True, valid_to__isnull=True),
                name="org_placement_one_open_primary",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="org_placement_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["department", "valid_from"], name="org_placement_members")]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.position_id}"


class Absence(models.Model):
    """A person's own out-of-office, half-open in time, with the message colleagues see."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    message = models.CharField(_("out-of-office message"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="org_absence_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["person", "ends_at"], name="org_absence_current")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%F}"


class Substitution(models.Model):
    """Who acts for whom, half-open in time, and in what."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="substitutions")
    substitute = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="substituting_for"
    )
    scope = models.CharField(
        _("scope"), max_length=8, choices=SubstitutionScope, default=SubstitutionScope.BOTH
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="org_substitution_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("substitute")),
                name="org_substitution_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.person_id}"
