"""Ratings after a request or a leg."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id


class Rating(models.Model):
    """One person's rating of a ticket (`leg` is None) or of one leg; named to the two sides only.

    `score` is 1-5, `reasons` a list of `RatingReason` codes. `supplier` is the department rated and
    `customer` the department it served, as they were at the time. `rated_at` is when the rating was first given and
    never changes; `version` counts what the rater made of it since, `changed_at` is when it was changed last.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="ratings")
    leg = models.ForeignKey(
        "desk.Leg", on_delete=models.PROTECT, null=True, blank=True, related_name="ratings"
    )
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings"
    )
    supplier = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    rated_at = models.DateTimeField(_("rated at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("rating")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "rater"],
                condition=models.Q(leg__isnull=True),
                name="surveys_rating_once_per_ticket",
            ),
            models.UniqueConstraint(
                fields=["leg", "rater"],
                condition=models.Q(leg__isnull=False),
                name="surveys_rating_once_per_leg",
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="surveys_rating_score_range"
            ),
            models.CheckConstraint(
                condition=models.Q(changed_at__isnull=True)
                | models.Q(changed_at__gte=models.F("rated_at")),
                name="surveys_rating_changed_later",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "rated_at", "id"], name="surveys_rating_received"),
            models.Index(fields=["customer", "rated_at"], name="surveys_rating_given"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.score}"


class PublishedPair(models.Model):
    """What everybody may know of the ratings one department gave another in a quarter; only what is published.

    Written as a whole by `actions.publish_pairs` from `queries.results`; `low` and `high` bound the mean.
    """

    quarter_start = models.DateField()
    supplier = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    n = models.PositiveIntegerField()
    mean = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quarter_start", "supplier", "customer"], name="surveys_published_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter_start} {self.supplier_id} > {self.customer_id}"


class Publication(models.Model):
    """The one row of what `PublishedPair` was written from.

    `until` is the first month that is not final yet (12 · year + month - 1), `print` a fingerprint of all ratings
    that are; months and quarters are those of `zone` and `fiscal_start`.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    until = models.PositiveIntegerField(default=0)
    zone = models.CharField(max_length=64, blank=True)
    fiscal_start = models.PositiveSmallIntegerField(default=1)
    print = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="surveys_publication_only_one")
        ]

    def __str__(self) -> str:
        return f"{self.until} {self.zone}"
