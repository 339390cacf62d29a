from typing import ClassVar

from django.db import models


class Effect(models.Model):
    """What a job or a receiver did; `count` would show an effect that happened twice."""

    # The type checker's settings do not install this app, so it does not know the manager.
    objects: ClassVar[models.Manager["Effect"]] = models.Manager()

    kind = models.CharField(max_length=10)
    number = models.IntegerField()
    count = models.IntegerField(default=0)
    attempt = models.IntegerField(default=0)

    class Meta:
        app_label = "chaos"
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="chaos_effect_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.count}"
