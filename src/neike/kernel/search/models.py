"""What can be found, and by whom."""

from django.db import models


class SearchEntry(models.Model):
    """One findable object. `tokens` and `title_tokens` are what `tokens.tokens` made of its texts.

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
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"


class SearchScope(models.Model):
    """Who finds an entry: everybody of a scope, such as ("everyone", "") or ("department", "12")."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="scopes")
    scope_type = models.CharField(max_length=20)
    scope_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "scope_type", "scope_id"], name="search_scope_once"
            )
        ]
        indexes = [models.Index(fields=["scope_type", "scope_id", "entry"], name="search_by_scope")]

    def __str__(self) -> str:
        return f"{self.scope_type}:{self.scope_id}"
