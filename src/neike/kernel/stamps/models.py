"""What a group of tables holds, named by a random token."""

from django.db import models


class Stamp(models.Model):
    """`token` is drawn anew by triggers whenever a table of `topic` changes.

    Random and not counted: a change that is rolled back brings the old token back with the old rows, and no
    later change can ever be given the token of the one that was taken back.
    """

    topic = models.CharField(max_length=32, primary_key=True)
    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.topic} {self.token}"
