"""What can be found, and by whom."""

from django.db import models


class SearchEntry(models.Model):
    """One findable object. `tokens` and `title_tokens` are what `tokens.tokens` made of its texts.

    `readers` says its kind and who finds it, as `readers.py` writes it.

    The index over them is a table of its own on SQLite and a generated column on PostgreSQL; neither is
    known to the framework.
    """

    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    url = models.CharField(max_length=300)
    title = models.CharField(max_length=300)
    excerpt = models.CharField(max_length=300, blank=True)
    title_tokens = models.TextField(blank=True)
    tokens = models.TextField(blank=True)
    readers = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"
