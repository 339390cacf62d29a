"""Enumerations of the organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PersonKind(models.TextChoices):
    """What stands behind an account."""

    HUMAN = "human", _("person")
    SERVICE = "service", _("service account")
    SYSTEM = "system", _("the system itself")


class Theme(models.TextChoices):
    """Light or dark."""

    SYSTEM = "system", _("as the device")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class DepartmentKind(models.TextChoices):
    """Legal entities are a kind of department."""

    LEGAL_ENTITY = "entity", _("legal entity")
    DEPARTMENT = "department", _("department")
    TEAM = "team", _("team")


class DepartmentState(models.TextChoices):
    """Whether a department works on the day its version holds."""

    ACTIVE = "active", _("active")
    CLOSED = "closed", _("closed")


class SuccessionKind(models.TextChoices):
    """How one department came out of another."""

    MERGE = "merge", _("merged into")
    SPLIT = "split", _("split into")


class LeadKind(models.TextChoices):
    """Who answers for a department."""

    LEAD = "lead", _("lead")
    DEPUTY = "deputy", _("deputy")


class Role(models.TextChoices):
    """The nine roles (sec 5). Every person is an employee without a grant."""

    EMPLOYEE = "E", _("employee")
    AGENT = "AG", _("service agent")
    LEAD = "TL", _("department head")
    SERVICE_OWNER = "SO", _("service owner")
    QUALITY_OFFICER = "QO", _("quality officer")
    HR = "HR", _("performance administrator")
    ADMINISTRATOR = "SA", _("system administrator")
    AUDITOR = "AU", _("auditor")
    INTEGRATION = "TK", _("integration token")


class ProposalState(models.TextChoices):
    """What became of a proposed role."""

    WAITING = "waiting", _("waiting for a second person")
    CONFIRMED = "confirmed", _("agreed to")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SubstitutionScope(models.TextChoices):
    """What a substitute may do in the absent person's place."""

    WORK = "work", _("work on requests")
    APPROVE = "approve", _("approve")
    BOTH = "both", _("work and approve")


class ExceptionKind(models.TextChoices):
    """How a dated exception changes a calendar's week."""

    CLOSED = "closed", pgettext_lazy("day", "closed")
    WORKED = "worked", _("worked")
    SPECIAL = "special", _("special hours")


class Weekday(models.IntegerChoices):
    """ISO weekdays, Monday is 0 as in Python."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ImportState(models.TextChoices):
    """Where an import of the organisation stands."""

    UPLOADED = "uploaded", _("waiting for its columns")
    PREVIEWING = "previewing", _("being previewed")
    PREVIEWED = "previewed", _("waiting to be applied")
    APPLYING = "applying", _("being applied")
    DONE = "done", _("applied")
    FAILED = "failed", _("failed")
    DISCARDED = "discarded", _("discarded")
