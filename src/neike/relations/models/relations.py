"""Who serves whom: the relation as it is today, and every change it went through."""

from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.relations.choices import (
    ChangeKind,
    Closeness,
    EndCause,
    Origin,
    RelationKind,
    RelationLevel,
    RelationState,
    Side,
)

OPEN: Final = ~models.Q(state=RelationState.ENDED)
"""Relations that have not ended."""


def _end(to: str) -> Any:  # noqa: ANN401 - the type of a key depends on where it leads
    return models.ForeignKey(
        to, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )


def _whose(level: str) -> models.Q:
    """Match rows of a level that have exactly the two ends of the level, and not twice the same."""
    filled = {
        f"{side}_{each}__isnull": each != level
        for each in RelationLevel.values
        for side in ("provider", "customer")
    }
    same = models.Q(**{f"provider_{level}": models.F(f"customer_{level}")})
    return models.Q(level=level, **filled) & ~same


def _once(level: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=[f"provider_{level}", f"customer_{level}", "kind"],
        condition=models.Q(level=level) & OPEN,
        name=f"relations_one_open_{level}",
    )


class ServiceRelation(models.Model):
    """The provider serves the customer. The row is how things stand today; `RelationChange` is how they came about.

    Exactly the two ends of `level` are set. Dates are days in the organisation's zone, half-open. A date in
    `valid_to` announces the end; the state becomes "ended" on that day. `rejected_on` is the day a mere proposal was
    turned down. An end has
    people's `ended_reason`, or the `ended_cause` for which the product ended it. `version` is the seq of the last change and refuses stale writes.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    level = models.CharField(_("level"), max_length=10, choices=RelationLevel)
    provider_department = _end("org.Department")
    provider_position = _end("org.Position")
    provider_person = _end(settings.AUTH_USER_MODEL)
    customer_department = _end("org.Department")
    customer_position = _end("org.Position")
    customer_person = _end(settings.AUTH_USER_MODEL)
    kind = models.CharField(_("kind"), max_length=9, choices=RelationKind)
    origin = models.CharField(_("origin"), max_length=9, choices=Origin)
    state = models.CharField(_("state"), max_length=9, choices=RelationState)
    closeness = models.PositiveSmallIntegerField(
        _("closeness"), choices=Closeness, default=Closeness.REGULAR
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    provider_confirmed_on = models.DateField(null=True, blank=True)
    provider_confirmed_by = _end(settings.AUTH_USER_MODEL)
    customer_confirmed_on = models.DateField(null=True, blank=True)
    customer_confirmed_by = _end(settings.AUTH_USER_MODEL)
    provider_contested_on = models.DateField(null=True, blank=True)
    customer_contested_on = models.DateField(null=True, blank=True)
    ended_reason = models.CharField(_("reason of the end"), max_length=300, blank=True)
    ended_cause = models.CharField(max_length=8, choices=EndCause, blank=True)
    rejected_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("service relation")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=_whose("department") | _whose("position") | _whose("person"),
                name="relations_two_ends_of_level",
            ),
            models.CheckConstraint(
                condition=models.Q(closeness__gte=1, closeness__lte=3),
                name="relations_closeness_range",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="relations_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RelationState.ENDED) | models.Q(valid_to__isnull=False),
                name="relations_ended_has_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RelationState.CONFIRMED)
                | models.Q(
                    provider_confirmed_on__isnull=False, customer_confirmed_on__isnull=False
                ),
                name="relations_confirmed_by_both",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RelationState.CONTESTED)
                | models.Q(provider_contested_on__isnull=False)
                | models.Q(customer_contested_on__isnull=False),
                name="relations_contested_by_one",
            ),
            _once("department"),
            _once("position"),
            _once("person"),
        ]
        indexes = [
            models.Index(
                fields=["provider_department", "customer_department"],
                condition=models.Q(level="department"),
                name="relations_of_provider",
            ),
            models.Index(
                fields=["customer_department", "provider_department"],
                condition=models.Q(level="department"),
                name="relations_of_customer",
            ),
            models.Index(
                fields=["provider_position", "customer_position"],
                condition=models.Q(level="position"),
                name="relations_of_provider_post",
            ),
            models.Index(
                fields=["customer_position"],
                condition=models.Q(level="position"),
                name="relations_of_customer_post",
            ),
            models.Index(
                fields=["provider_person", "customer_person"],
                condition=models.Q(level="person"),
                name="relations_of_provider_person",
            ),
            models.Index(
                fields=["customer_person"],
                condition=models.Q(level="person"),
                name="relations_of_customer_person",
            ),
            models.Index(
                fields=["valid_to"],
                condition=models.Q(valid_to__isnull=False) & OPEN,
                name="relations_to_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.provider_id} > {self.customer_id} {self.kind}"

    @property
    def path(self) -> str:
        """Where the relation's page is."""
        return f"/relations/{self.public_id}/"

    @property
    def provider_id(self) -> int:
        """The id of the providing department, position or person, as the level says."""
        return self.end_id(Side.PROVIDER)

    @property
    def customer_id(self) -> int:
        """The id of the served department, position or person, as the level says."""
        return self.end_id(Side.CUSTOMER)

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state != RelationState.ENDED

    @property
    def why_ended(self) -> str:
        """The reason of the end in people's words, else the cause in the reader's language; "" while it lasts."""
        return self.ended_reason or (
            str(self.get_ended_cause_display()) if self.ended_cause else ""
        )

    def end_id(self, side: str) -> int:
        """Return the id of what stands at a side, as the level says."""
        found: int = getattr(self, f"{side}_{self.level}_id")
        return found

    def confirmed_by_side(self, side: str) -> bool:
        """Whether the side says that the relation holds."""
        return getattr(self, f"{side}_confirmed_on") is not None

    def contested_by_side(self, side: str) -> bool:
        """Whether the side says that it does not."""
        return getattr(self, f"{side}_contested_on") is not None


class RelationChange(models.Model):
    """One thing that happened to a relation; append-only.

    `on` is the day it holds from, `at` the moment it was said. `state` is what came of it; `data` holds the values
    it set. `by` is None where the product itself acted.
    """

    relation = models.ForeignKey(
        ServiceRelation, on_delete=models.PROTECT, related_name="changes", db_index=False
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=17, choices=ChangeKind)
    side = models.CharField(max_length=8, choices=Side, default=Side.NONE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()
    on = models.DateField()
    state = models.CharField(max_length=9, choices=RelationState)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["relation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["relation", "seq"], name="relations_change_seq")
        ]

    def __str__(self) -> str:
        return f"{self.relation_id}#{self.seq} {self.kind}"
