"""Links mailed to approvers."""

from django.conf import settings
from django.db import models


class ApprovalLink(models.Model):
    """A mailed link that lets one person decide one approval. Only the token's hash is kept.

    It opens until `expires_at`, and only while the approval waits for the person's decision.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    approval = models.ForeignKey(
        "desk.Approval", on_delete=models.CASCADE, related_name="links", db_index=True
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.approval_id} {self.person_id}"
