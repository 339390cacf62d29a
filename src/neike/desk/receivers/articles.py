"""Keep knowledge articles findable, and forget why somebody voted once that person is erased."""

from datetime import datetime

from django.db.models import QuerySet

from neike.catalog.events import ServiceChanged
from neike.desk import actions, events, queries
from neike.desk.models import (
    Article,
)
from neike.kernel import search
from neike.kernel.outbox import receives
from neike.org import queries as org_queries
from neike.org.events import DepartmentChanged, PersonErased


@receives(events.ArticleChanged)
def keep_article_findable(event: events.ArticleChanged, *, now: datetime) -> None:
    """Put a published article into the index as it reads and for whom it is meant now; take every other one out."""
    _index_articles(Article.objects.filter(pk=event.article_id), now)
    if not Article.objects.filter(pk=event.article_id).exists():
        search.unindex(queries.ARTICLE_KIND, str(event.article_id))


@receives(ServiceChanged)
def keep_articles_about_it_findable(event: ServiceChanged, *, now: datetime) -> None:
    """A confidential service limits who reads about it: index the articles about it anew."""
    _index_articles(Article.objects.filter(services=event.service_id), now)


@receives(DepartmentChanged)
def keep_limited_articles_findable(event: DepartmentChanged, *, now: datetime) -> None:
    """Index articles with two limits anew: which department is below which may have changed."""
    del event
    limited = Article.objects.filter(audience__isnull=False, services__confidential=True)
    _index_articles(limited.distinct(), now)


def _index_articles(articles: QuerySet[Article], now: datetime) -> None:
    on = org_queries.organisation_day(now)
    loaded = articles.select_related("department").prefetch_related(
        "audience", "services__department"
    )
    for article in loaded:
        document = queries.article_document(article, on=on)
        if document is None:
            search.unindex(queries.ARTICLE_KIND, str(article.pk))
        else:
            search.index(document)


@receives(PersonErased)
def forget_reasons_of_votes(event: PersonErased, *, now: datetime) -> None:
    """Throw away what an erased person wrote beside their votes."""
    del now
    actions.forget_reasons(event.person_id)
