"""Articles in the search index: the same rule as `policies.articles_readable_by`, written as scopes.

Where an article is limited in two ways (its own audience, and that of a confidential service it is about), the index
holds the departments that satisfy both; somebody who satisfies them by two different posts finds it on its page only.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from neike.catalog.documents import AUDIENCE
from neike.desk.choices import ArticleState
from neike.desk.models import Article
from neike.desk.policies import Standing
from neike.kernel.search import EVERYONE, SearchDocument
from neike.kernel.search.documents import Scope
from neike.kernel.texts import markdown
from neike.org import queries as org_queries
from neike.org.queries import OrgChart

KIND: Final = "desk.article"
_WRITES: Final = "desk.writes"
_CHUNK: Final = 200


def article_scopes(who: Standing) -> set[Scope]:
    """Return the scopes that let a person find what they write; the catalogue gives those of audiences."""
    return {(_WRITES, str(pk)) for pk in who.writes_for}


def article_documents(*, on: date) -> Iterator[SearchDocument]:
    """Yield every published article, with the organisation as it is on a day."""
    rows = Article.objects.filter(state=ArticleState.PUBLISHED)
    loaded = rows.select_related("department").prefetch_related("audience", "services__department")
    for article in loaded.order_by("pk").iterator(chunk_size=_CHUNK):
        document = article_document(article, on=on)
        if document is not None:
            yield document


def article_document(article: Article, *, on: date) -> SearchDocument | None:
    """Return what may be found of an article; None unless it is published."""
    if article.state != ArticleState.PUBLISHED:
        return None
    title, body = article.title, article.body
    languages = [title.source, *sorted(set(title.texts) - {title.source})]
    return SearchDocument(
        kind=KIND,
        object_id=str(article.pk),
        url=article.path,
        title=" · ".join(dict.fromkeys(title.in_language(each) for each in languages)),
        scopes=frozenset(_scopes(article, on)),
        changed_at=article.updated_at,
        body="\n".join(body.texts[each] for each in sorted(body.texts))[:100_000],
        excerpt=markdown.plain(body.in_language(body.source))[:200],
    )


def _scopes(article: Article, on: date) -> Iterator[Scope]:
    yield _WRITES, str(article.department_id)
    if article.internal:
        return
    limits = limits_of(article)
    if not limits:
        yield EVERYONE
        return
    chart = org_queries.chart(on=on)
    for department in narrowed(limits, chart):
        yield AUDIENCE, department


def limits_of(article: Article) -> list[frozenset[str]]:
    """Return each limit of an article's readers as public ids of departments; all of them must be met."""
    found = []
    audience = {str(each.public_id) for each in article.audience.all()}
    if audience:
        found.append(frozenset(audience | {str(article.department.public_id)}))
    for service in article.services.all():
        departments = service.audience.get("departments") or ()
        if service.confidential and departments:
            found.append(frozenset([*map(str, departments), str(service.department.public_id)]))
    return found


def narrowed(limits: Iterable[frozenset[str]], chart: OrgChart) -> frozenset[str]:
    """Return the departments whose people meet every limit: of two departments the lower, where one is in the other."""
    ids = {str(each.public_id): each.id for each in chart}
    above = {name: {name, *_names(chart, pk)} for name, pk in ids.items()}
    met: frozenset[str] | None = None
    for limit in limits:
        if met is None:
            met = limit
            continue
        met = frozenset(
            lower
            for one in met
            for other in limit
            for lower, upper in ((one, other), (other, one))
            if upper in above.get(lower, {lower})
        )
    return met or frozenset()


def _names(chart: OrgChart, department_id: int) -> list[str]:
    found = (chart.get(each) for each in chart.ancestors(department_id))
    return [str(each.public_id) for each in found if each is not None]
