"""Knowledge articles as a person may read them: one queryset for pages, API, search, suggestions and counts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk import policies
from neike.desk.choices import ArticleState
from neike.desk.models import Article, ArticleDay, ArticleTerm, ArticleVersion, ArticleVote
from neike.desk.policies import Standing
from neike.desk.queries.article_index import KIND
from neike.engines import likeness
from neike.kernel import search
from neike.kernel.registries import DayItem
from neike.org.models import Person

MOST: Final = 50
SUGGESTED: Final = 3
RECENT_DAYS: Final = 90
_LONGEST: Final = 100
_LONGEST_ASKED: Final = 4_000


def articles_visible_to(who: Standing) -> QuerySet[Article]:
    """Return the articles a person may read, drafts and withdrawn ones only where they write them."""
    return Article.objects.filter(policies.articles_readable_by(who)).select_related("department")


def published(who: Standing) -> QuerySet[Article]:
    """Return the published articles a person may read."""
    return articles_visible_to(who).filter(state=ArticleState.PUBLISHED)


def articles_written_by(who: Standing) -> QuerySet[Article]:
    """Return the articles a person may write, in any state."""
    return Article.objects.filter(department__in=who.writes_for).select_related(
        "department", "owner"
    )


@dataclass(frozen=True, slots=True)
class FoundArticles:
    """What a search shows: the best articles, how many there are, and whether that number is capped."""

    articles: Sequence[Article]
    count: int
    is_capped: bool

    @property
    def count_text(self) -> str:
        """The count as it is written: "12", or "50+"."""
        return f"{self.count}+" if self.is_capped else str(self.count)


def search_articles(person: Person, text: str, *, now: datetime) -> FoundArticles:
    """Return the published articles a person may read that fit a text, best first; at most `MOST`.

    The index proposes, `articles_visible_to` decides, and only what passed is counted.
    """
    text = text.replace("\x00", "").strip()[:_LONGEST]
    if not text:
        return FoundArticles((), 0, is_capped=False)
    hits = search.search_for(person, text, now=now, kinds=[KIND], limit=MOST + 1).hits
    ids = [int(hit.object_id) for hit in hits]
    rows = published(policies.standing(person, now=now)).in_bulk(ids) if ids else {}
    found = [rows[pk] for pk in ids if pk in rows]
    return FoundArticles(found[:MOST], min(len(found), MOST), is_capped=len(found) > MOST)


def articles_like(
    who: Standing, text: str, *, most: int = SUGGESTED, without: Collection[int] = ()
) -> list[Article]:
    """Return the published articles a person may read that are about what a text says, best first.

    Costs two queries, one for a text without words.
    """
    asked = list(likeness.words(text[:_LONGEST_ASKED]))[:60]
    if not asked:
        return []
    held: dict[int, dict[str, int]] = defaultdict(dict)
    readable = published(who).exclude(pk__in=list(without)).order_by()
    rows = ArticleTerm.objects.filter(term__in=asked, article__in=readable.values("pk"))
    for article, term, weight in rows.values_list("article_id", "term", "weight"):
        held[article][term] = weight
    candidates = [likeness.Candidate(pk, weights) for pk, weights in sorted(held.items())]
    ranked = likeness.rank(asked, candidates, total=max(20, len(candidates)))[:most]
    found = published(who).in_bulk(ranked) if ranked else {}
    return [found[pk] for pk in ranked if pk in found]


def recent(who: Standing, *, most: int = 6) -> list[Article]:
    """Return the readable articles that changed last."""
    return list(published(who).order_by("-updated_at", "-pk")[:most])


def most_helpful(who: Standing, *, most: int = 6) -> list[Article]:
    """Return the readable articles that helped most people; those nobody voted for are left out."""
    rows = published(who).filter(helpful__gt=0)
    return list(rows.order_by(F("helpful") - F("unhelpful"), "helpful", "pk").reverse()[:most])


def by_department(who: Standing) -> dict[int, list[Article]]:
    """Return the readable articles by department id, each list by title in the reader's language."""
    found: dict[int, list[Article]] = defaultdict(list)
    for article in published(who).defer("body"):
        found[article.department_id].append(article)
    return {key: sorted(rows, key=lambda each: str(each.title)) for key, rows in found.items()}


def articles_about(who: Standing, service: Service, *, most: int = 8) -> list[Article]:
    """Return the readable published articles that are linked to a service, the most helpful first."""
    rows = published(who).filter(services=service).defer("body")
    return list(rows.order_by("-helpful", "key")[:most])


def services_shown(who: Standing, article: Article, person: Person) -> list[Service]:
    """Return the linked services that are offered to the person."""
    offered = catalog_queries.services_visible_to(person, who.on)
    return list(offered.filter(articles=article).order_by("order", "key"))


def versions_of(article: Article) -> QuerySet[ArticleVersion]:
    """Return how an article read, the latest first; for those who write it."""
    return article.versions.select_related("by").order_by("-version")


def own_vote(who: Standing, article: Article) -> ArticleVote | None:
    """Return what the person said about the article as it reads now."""
    return ArticleVote.objects.filter(
        article=article, version=article.version, person=who.person_id
    ).first()


def reasons_of(article: Article, *, most: int = 20) -> list[ArticleVote]:
    """Return the latest votes with a reason, for those who write the article; show them without names."""
    rows = article.votes.exclude(reason="").defer("person")
    return list(rows.order_by("-at", "-pk")[:most])


@dataclass(frozen=True, slots=True)
class Usage:
    """How often an article was opened in the last 90 days, and how often it made a request needless."""

    views: int
    solved: int


def usage_of(articles: Collection[int], *, today: date) -> dict[int, Usage]:
    """Return the use of articles by id, one query."""
    since = today - timedelta(days=RECENT_DAYS)
    rows = ArticleDay.objects.filter(article__in=articles, day__gt=since)
    return {
        row["article"]: Usage(row["views_sum"], row["solved_sum"])
        for row in rows.values("article").annotate(views_sum=Sum("views"), solved_sum=Sum("solved"))
    }


def to_review(who: Standing) -> QuerySet[Article]:
    """Return the published articles whose review is due and that are the person's to review.

    One's own; and, where an article has nobody who looks after it, those of departments one leads.
    """
    mine = Q(owner=who.person_id) | Q(owner__isnull=True, department__in=who.leads)
    due = articles_written_by(who).filter(mine, state=ArticleState.PUBLISHED)
    return due.filter(review_on__lte=who.on).order_by("review_on", "pk")


def review_items(who: Standing) -> list[DayItem]:
    """Return what waits to be reviewed, for "my day"."""
    return [
        DayItem(str(each.title), each.path, _("Is it still right?")) for each in to_review(who)[:10]
    ]


def with_audience(rows: QuerySet[Article]) -> QuerySet[Article]:
    """Load what an article says about whom it is meant for and what it is about."""
    return rows.prefetch_related(
        "audience", Prefetch("services", Service.objects.order_by("order", "key"))
    )
