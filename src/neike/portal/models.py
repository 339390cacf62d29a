"""What the portal remembers of a person."""

from django.conf import settings
from django.db import models


class Welcome(models.Model):
    """Somebody who has put the first steps away; nobody is shown them twice."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    dismissed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)
