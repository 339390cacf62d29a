"""What a customer needs, what the provider guesses, and how it turned out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.relations.choices import Dimension, MeasureUnit
from neike.relations.models.relations import ServiceRelation


def _one_to_five(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__isnull": True})
        | models.Q(**{f"{field}__gte": 1, f"{field}__lte": 5}),
        name=name,
    )


class Need(models.Model):
    """Something the customer of a relation depends on. What it says stands in its versions.

    `version` is the number of the last `NeedVersion` and refuses stale writes.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    relation = models.ForeignKey(ServiceRelation, on_delete=models.PROTECT, related_name="needs")
    dimension = models.CharField(_("dimension"), max_length=13, choices=Dimension)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("need")
        ordering = ["relation", "pk"]

    def __str__(self) -> str:
        return f"{self.relation_id} {self.dimension}"


class NeedVersion(models.Model):
    """What a need said from a moment on, in the people's own words; append-only.

    `expected` is how well it must be, 1-5; `measure`, `amount` and `unit` make it measurable, all three or none.
    """

    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    version = models.PositiveIntegerField()
    statement = models.CharField(_("what we need"), max_length=500)
    importance = models.PositiveSmallIntegerField(_("importance"))
    expected = models.PositiveSmallIntegerField(_("expected level"))
    measure = models.CharField(_("what is measured"), max_length=200, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=15, choices=MeasureUnit, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    review_on = models.DateField(_("review on"))

    class Meta:
        ordering = ["need", "version"]
        constraints = [
            models.UniqueConstraint(fields=["need", "version"], name="relations_need_version"),
            models.CheckConstraint(
                condition=models.Q(importance__gte=1, importance__lte=5),
                name="relations_importance_range",
            ),
            models.CheckConstraint(
                condition=models.Q(expected__gte=1, expected__lte=5),
                name="relations_expected_range",
            ),
            models.CheckConstraint(
                condition=models.Q(measure="", amount__isnull=True, unit="")
                | (~models.Q(measure="") & models.Q(amount__isnull=False) & ~models.Q(unit="")),
                name="relations_measure_whole",
            ),
        ]
        indexes = [models.Index(fields=["review_on"], name="relations_need_review")]

    def __str__(self) -> str:
        return self.statement


class NeedReview(models.Model):
    """How well a need was met, as one person of the customer's side perceived it, 1-5."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="reviews", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    perceived = models.PositiveSmallIntegerField(_("how well it was met"))
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["need", "at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(perceived__gte=1, perceived__lte=5),
                name="relations_perceived_range",
            )
        ]
        indexes = [models.Index(fields=["need", "person", "at"], name="relations_reviews_of")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.perceived}"


class NeedGuess(models.Model):
    """What one person of the provider's side thinks is expected, said before the expectation was shown to them.

    `skipped` records that the person asked to see it without a guess; then there are no numbers.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="guesses", db_index=False)
    version = models.PositiveIntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    expected = models.PositiveSmallIntegerField(_("expected level"), null=True, blank=True)
    importance = models.PositiveSmallIntegerField(_("importance"), null=True, blank=True)
    skipped = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["need", "version", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "version", "person"], name="relations_one_guess"
            ),
            models.CheckConstraint(
                condition=models.Q(skipped=True, expected__isnull=True, importance__isnull=True)
                | models.Q(skipped=False, expected__isnull=False, importance__isnull=False),
                name="relations_guess_or_skipped",
            ),
            _one_to_five("expected", "relations_guess_expected_range"),
            _one_to_five("importance", "relations_guess_importance_range"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} v{self.version} {self.expected or '-'}"


class KanoAnswer(models.Model):
    """One person's pair of answers: how they feel if the need is met, and if it is not.

    Both 1-5 in the order of the Kano questionnaire: 1 like, 2 expect, 3 neutral, 4 can live with, 5 dislike.
    """

    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, related_name="kano_answers", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    functional = models.PositiveSmallIntegerField()
    dysfunctional = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["need", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "person"], name="relations_one_kano_answer"),
            models.CheckConstraint(
                condition=models.Q(functional__gte=1, functional__lte=5),
                name="relations_functional_range",
            ),
            models.CheckConstraint(
                condition=models.Q(dysfunctional__gte=1, dysfunctional__lte=5),
                name="relations_dysfunctional_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.functional}/{self.dysfunctional}"
