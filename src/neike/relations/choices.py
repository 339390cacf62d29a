"""Enumerations of relations, needs and agreements."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RelationLevel(models.TextChoices):
    """What stands at the two ends of a relation."""

    DEPARTMENT = "department", _("department")
    POSITION = "position", _("position")
    PERSON = "person", pgettext_lazy("level", "person")


class RelationKind(models.TextChoices):
    """In which direction of the organisation somebody is served.

    `team` is served by its manager, `boss` by those who report to them.
    """

    NEXT_STEP = "next_step", _("next step in the work")
    SUPPORT = "support", _("support")
    TEAM = "team", pgettext_lazy("relation", "team member")
    BOSS = "boss", pgettext_lazy("relation", "boss")
    LATERAL = "lateral", _("neighbouring department")


class Origin(models.TextChoices):
    """How the product came to know a relation."""

    DECLARED = "declared", _("stated by people")
    OBSERVED = "observed", _("seen in requests")
    ORG_CHART = "org_chart", _("organisation chart")


class RelationState(models.TextChoices):
    """How far the two ends agree."""

    PROPOSED = "proposed", pgettext_lazy("relation", "proposed")
    DECLARED = "declared", pgettext_lazy("relation", "stated by one side")
    CONFIRMED = "confirmed", pgettext_lazy("relation", "confirmed by both sides")
    CONTESTED = "contested", pgettext_lazy("relation", "contested")
    ENDED = "ended", pgettext_lazy("relation", "ended")


OPEN_STATES: Final = (
    RelationState.PROPOSED,
    RelationState.DECLARED,
    RelationState.CONFIRMED,
    RelationState.CONTESTED,
)
"""A relation that has not ended."""
AGREED_STATES: Final = (RelationState.DECLARED, RelationState.CONFIRMED)
"""What counts as declared when the map is compared with what was observed."""


class Side(models.TextChoices):
    """An end of a relation."""

    PROVIDER = "provider", pgettext_lazy("side", "provider")
    CUSTOMER = "customer", pgettext_lazy("side", "customer")
    NONE = "none", pgettext_lazy("side", "neither side")


class ChangeKind(models.TextChoices):
    """What happened to a relation."""

    PROPOSED = "proposed", pgettext_lazy("change", "proposed")
    DECLARED = "declared", pgettext_lazy("change", "stated")
    CONFIRMED = "confirmed", pgettext_lazy("change", "confirmed")
    CONTESTED = "contested", pgettext_lazy("change", "contested")
    ENDED = "ended", pgettext_lazy("change", "ended")
    CLOSENESS_CHANGED = "closeness_changed", pgettext_lazy("change", "closeness changed")
    CORRECTED = "corrected", pgettext_lazy("change", "corrected")


class EndCause(models.TextChoices):
    """Why the product itself ended a relation or an agreement; people give a reason in their own words."""

    DEPARTMENT_CLOSED = "closed", _("the department was closed")
    DEPARTMENT_MERGED = "merged", _("the department went on in another one")
    PERSON_LEFT = "left", _("the person left")
    CHART_CHANGED = "chart", _("the organisation chart changed")
    RELATION_ENDED = "relation", _("the relation ended")
    NEWER_STANDARD = "newer", _("a newer version of the standard was published")


class Closeness(models.IntegerChoices):
    """How much the customer's work depends on the provider's."""

    LOOSE = 1, pgettext_lazy("closeness", "now and then")
    REGULAR = 2, pgettext_lazy("closeness", "regularly")
    CLOSE = 3, pgettext_lazy("closeness", "every day")


class Dimension(models.TextChoices):
    """What a need is about: the five dimensions that ratings and surveys use, too."""

    TIMELINESS = "timeliness", _("timeliness")
    QUALITY = "quality", _("quality")
    COMMUNICATION = "communication", _("communication")
    COMPETENCE = "competence", _("competence")
    INITIATIVE = "initiative", _("initiative")


class MeasureUnit(models.TextChoices):
    """In what a measurable need is counted."""

    MINUTES = "minutes", pgettext_lazy("unit", "minutes")
    HOURS = "hours", pgettext_lazy("unit", "hours")
    WORKING_DAYS = "working_days", pgettext_lazy("unit", "working days")
    PERCENT = "percent", pgettext_lazy("unit", "percent")
    TIMES_PER_MONTH = "times_per_month", pgettext_lazy("unit", "times a month")


class AgreementState(models.TextChoices):
    """Where an agreement stands."""

    PROPOSED = "proposed", pgettext_lazy("agreement", "to be signed")
    IN_FORCE = "in_force", pgettext_lazy("agreement", "in force")
    SUPERSEDED = "superseded", pgettext_lazy("agreement", "replaced by a newer one")
    DECLINED = "declined", pgettext_lazy("agreement", "declined")
    ENDED = "ended", pgettext_lazy("agreement", "ended")
