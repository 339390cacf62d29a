"""What a department knows and writes down: articles, their versions, what readers think of them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import ArticleState
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class Article(models.Model):
    """A knowledge article of a department, as it reads now; `ArticleVersion` keeps how it read before.

    People and service files know it by `key`. `audience` are the departments it is meant for, with all below
    them; none means everybody. `internal` keeps it among those who write it. `version` is that of the text and
    refuses stale writes; `helpful` and `unhelpful` count votes on all versions. `review_on` is a day in the
    organisation's zone. `source` is the request it was drafted from.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=64, unique=True)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = LocalizedTextField(_("article title"))
    body = LocalizedTextField(_("text"))
    state = models.CharField(
        _("state"), max_length=10, choices=ArticleState, default=ArticleState.DRAFT
    )
    internal = models.BooleanField(_("for the serving department only"), default=False)
    audience = models.ManyToManyField("org.Department", related_name="+", blank=True)
    services = models.ManyToManyField("catalog.Service", related_name="articles", blank=True)
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(_("last changed"))
    source = models.ForeignKey(
        "desk.Ticket", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["key"]
        indexes = [
            models.Index(fields=["state", "-updated_at"], name="desk_article_by_change"),
            models.Index(fields=["state", "-helpful"], name="desk_article_by_help"),
            models.Index(
                fields=["review_on"],
                condition=models.Q(state=ArticleState.PUBLISHED),
                name="desk_article_to_review",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def path(self) -> str:
        """Where its page is."""
        return reverse("desk:article", args=[self.key])


class ArticleVersion(models.Model):
    """How an article read from one moment on: who changed what. Never changed, never deleted."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    title = LocalizedTextField(_("article title"))
    body = LocalizedTextField(_("text"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    restored = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["article", "version"], name="desk_article_version")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.version}"


class ArticleVote(models.Model):
    """Whether one version of an article helped a person. Who voted how is shown to nobody."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes")
    version = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    helpful = models.BooleanField()
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "version", "person"], name="desk_article_vote_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.version} {self.helpful}"


class ArticleDay(models.Model):
    """How often an article was opened on a day, and how often it made a request needless. No person is stored."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="desk_article_day")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}"


class ArticleTerm(models.Model):
    """A word (or pair of Chinese characters) of an article, for finding what is like a text. See `engines.likeness`."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=32)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "article"], name="desk_article_term")
        ]

    def __str__(self) -> str:
        return self.term


class SearchMiss(models.Model):
    """A text that at least three different people looked for in vain within one week. No person is stored.

    `without_result` and `without_click` count people per week, each once.
    """

    text = models.CharField(_("searched for"), max_length=80, unique=True)
    without_result = models.PositiveIntegerField(default=0)
    without_click = models.PositiveIntegerField(default=0)
    last_on = models.DateField(_("last"))

    class Meta:
        indexes = [models.Index(fields=["-last_on"], name="desk_search_miss_by_day")]

    def __str__(self) -> str:
        return self.text


class SearchSalt(models.Model):
    """The secret of one week (its Monday) that this week's traces are made with; thrown away when it is over."""

    week = models.DateField(unique=True)
    salt = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.week)


class SearchTrace(models.Model):
    """That somebody looked for something this week: digests of the text and of the person, neither in clear.

    `found` says that there were results, `opened` that one was opened, `counted` that the miss is in `SearchMiss`.
    """

    week = models.ForeignKey(SearchSalt, on_delete=models.CASCADE, related_name="traces")
    text_digest = models.CharField(max_length=32)
    person_digest = models.CharField(max_length=32)
    found = models.BooleanField()
    opened = models.BooleanField(default=False)
    counted = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["week", "text_digest", "person_digest"], name="desk_search_trace_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.week_id} {self.text_digest[:6]}"
