"""Knowledge articles: list, read, write, publish, vote."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk import actions, policies, queries
from neike.desk.actions import ArticleContent
from neike.desk.api.asking import Caller, caller, refusal
from neike.desk.api.fields import Reason, Sent, ServiceKey, Version
from neike.desk.api.shown import Refusal
from neike.desk.choices import ArticleState
from neike.desk.models import Article
from neike.desk.queries import articles
from neike.kernel.paging import newest_first
from neike.kernel.policies import policy, require
from neike.kernel.texts import LocalizedText
from neike.org.models import Department

router = Router()
_TITLE, _BODY = 160, 50_000
_NO_NUL = r"^[^\x00]*$"
ArticleKey = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,64}$")]


class TitleTexts(Sent):
    """A title in one language or both."""

    zh: Annotated[str, Field(max_length=_TITLE, pattern=_NO_NUL)] = ""
    en: Annotated[str, Field(max_length=_TITLE, pattern=_NO_NUL)] = ""


class BodyTexts(Sent):
    """A text in Markdown, in one language or both."""

    zh: Annotated[str, Field(max_length=_BODY, pattern=_NO_NUL)] = ""
    en: Annotated[str, Field(max_length=_BODY, pattern=_NO_NUL)] = ""


class Audience(Sent):
    """For whom an article is; no departments means everybody. Departments below are included."""

    departments: list[UUID] = Field(default_factory=list, max_length=200)


class ArticleSaid(Sent):
    """What one says in and about an article."""

    title: TitleTexts
    body: BodyTexts = Field(default_factory=BodyTexts)
    internal: bool = False
    audience: Audience = Field(default_factory=Audience)
    services: list[ServiceKey] = Field(default_factory=list, max_length=50)
    review_on: date | None = None
    note: Reason = ""


class NewArticle(ArticleSaid):
    """An article to write; without a key it gets one from its title."""

    department: UUID
    key: Annotated[str, Field(max_length=64, pattern=_NO_NUL)] = ""


class ChangedArticle(ArticleSaid):
    """An article as it should read; everything is replaced."""

    version: Version


class NewState(Sent):
    """Where an article should stand."""

    state: Literal["draft", "published", "retired"]


class Voted(Sent):
    """Whether the version that was read helped."""

    helpful: bool
    reason: Annotated[str, Field(max_length=500, pattern=_NO_NUL)] = ""
    version: Version


class ArticleLine(Schema):
    """An article in a list; texts by language."""

    id: UUID
    key: str
    department: UUID
    title: dict[str, str]
    state: str
    internal: bool
    version: int
    helpful: int
    updated_at: datetime


class ArticleShown(ArticleLine):
    """An article with its text and what it is about, as far as the caller is offered it."""

    body: dict[str, str]
    audience: dict[str, list[UUID]]
    services: list[str]


class ArticleForWriting(ArticleShown):
    """An article as those see it who write it."""

    unhelpful: int
    owner: UUID | None
    review_on: date | None
    views: int
    solved: int


class ArticleList(Schema):
    """A page of articles; `next` goes into `before`."""

    items: list[ArticleLine]
    next: int | None


class Stale(Schema):
    """Somebody was faster; read the article again."""

    code: str
    detail: str
    version: int


@router.get("/articles", response=ArticleList)
@policy("desk.use")
def list_articles(
    request: HttpRequest,
    q: Annotated[str, Query("", max_length=100)] = "",
    before: Annotated[int | None, Query(None, ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(50, ge=1, le=100)] = 50,
) -> ArticleList:
    """List the articles you may read, newest first; with `q` the published ones that fit, best first."""
    who = caller(request)
    if q.strip():
        found = queries.search_articles(who.person, q, now=who.now)
        return ArticleList(items=[_line(each) for each in found.articles[:limit]], next=None)
    rows, following = newest_first(
        queries.articles_visible_to(who.who), before=before, length=limit
    )
    return ArticleList(items=[_line(each) for each in rows], next=following)


@router.get("/articles/{key}", response=ArticleForWriting | ArticleShown)
@policy("desk.use")
def read_article(request: HttpRequest, key: ArticleKey) -> ArticleShown:
    """Read an article; those who write it see votes and use, too."""
    who = caller(request)
    return _shown(who, _found(who, key))


@router.post("/articles", response={201: ArticleForWriting, 422: Refusal})
@policy("desk.write_articles")
def create_article(request: HttpRequest, body: NewArticle) -> Status[Any]:
    """Write the draft of an article of a department you write for."""
    who = caller(request)
    department = Department.objects.filter(public_id=body.department).first()
    if department is None or not policies.may_write_for(who.who, department.pk):
        return Status(422, Refusal(code="department_unknown"))
    try:
        made = actions.create_article(
            department=department,
            content=_content(who, body),
            key=body.key,
            by=who.person,
            now=who.now,
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(201, _shown(who, _found(who, made.key)))


@router.put("/articles/{key}", response={200: ArticleForWriting, 409: Stale, 422: Refusal})
@policy("desk.write_articles")
def change_article(request: HttpRequest, key: ArticleKey, body: ChangedArticle) -> Status[Any]:
    """Change an article; a changed text becomes a new version. Who looks after it stays."""
    who = caller(request)
    found = _written(who, key)
    try:
        actions.change_article(
            article=found,
            content=_content(who, body, found),
            version=body.version,
            by=who.person,
            now=who.now,
        )
    except actions.ArticleChangedError as error:
        return Status(409, _stale(error))
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(200, _shown(who, _found(who, key)))


@router.post("/articles/{key}/state", response={200: ArticleForWriting, 422: Refusal})
@policy("desk.write_articles")
def set_article_state(request: HttpRequest, key: ArticleKey, body: NewState) -> Status[Any]:
    """Publish an article, withdraw it from use, or make it a draft again."""
    who = caller(request)
    try:
        actions.set_article_state(
            article=_written(who, key), state=ArticleState(body.state), by=who.person, now=who.now
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(200, _shown(who, _found(who, key)))


@router.post("/articles/{key}/vote", response={204: None, 409: Stale, 422: Refusal})
@policy("desk.use")
def vote(request: HttpRequest, key: ArticleKey, body: Voted) -> Status[Any]:
    """Say whether an article helped; once per version, a second time changes it."""
    who = caller(request)
    found = _found(who, key)
    require(policies.may_vote(who.who, found))
    try:
        actions.vote(article=found, by=who.person, now=who.now, **body.dict())
    except actions.ArticleChangedError as error:
        return Status(409, _stale(error))
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(204, None)


def _found(who: Caller, key: str) -> Article:
    """Return an article.

    Raises:
        Http404: there is none, or not for this person.
    """
    rows = articles.with_audience(queries.articles_visible_to(who.who)).select_related(
        "department", "owner"
    )
    return get_object_or_404(rows, key=key)


def _written(who: Caller, key: str) -> Article:
    """Return an article the caller may write.

    Raises:
        Http404: they may not read it.
        PermissionDenied: they may read it, but not write it.
    """
    found = _found(who, key)
    require(policies.may_write_article(who.who, found))
    return found


def _content(who: Caller, body: ArticleSaid, former: Article | None = None) -> ArticleContent:
    """Return what the actions take.

    Raises:
        ArticleRefusedError: a department or service is not there, or not for the caller.
    """
    departments = list(Department.objects.filter(public_id__in=body.audience.departments))
    if len(departments) < len(set(body.audience.departments)):
        raise actions.ArticleRefusedError("audience", "department_unknown")
    known = set(former.services.values_list("pk", flat=True)) if former else set()
    offered = catalog_queries.services_visible_to(who.person, who.who.on).values_list(
        "pk", flat=True
    )
    services = list(Service.objects.filter(key__in=body.services, pk__in=known | set(offered)))
    if len(services) < len(set(body.services)):
        raise actions.ArticleRefusedError("services", "service_unknown")
    return ArticleContent(
        title=LocalizedText.of(zh=body.title.zh, en=body.title.en),
        body=LocalizedText.of(zh=body.body.zh, en=body.body.en),
        internal=body.internal,
        audience=tuple(departments),
        services=tuple(services),
        owner=former.owner if former else who.person,
        review_on=body.review_on,
        note=body.note,
    )


def _stale(error: actions.ArticleChangedError) -> Stale:
    return Stale(code="article_changed", detail=str(error), version=error.article.version)


def _line(article: Article) -> ArticleLine:
    return ArticleLine(**_said(article))


def _said(article: Article) -> dict[str, Any]:
    return {
        "id": article.public_id,
        "key": article.key,
        "department": article.department.public_id,
        "title": article.title.texts,
        "state": article.state,
        "internal": article.internal,
        "version": article.version,
        "helpful": article.helpful,
        "updated_at": article.updated_at,
    }


def _shown(who: Caller, article: Article) -> ArticleShown:
    writes = bool(policies.may_write_article(who.who, article))
    offered = {each.key for each in articles.services_shown(who.who, article, who.person)}
    shown = {
        **_said(article),
        "body": article.body.texts,
        "audience": {"departments": [each.public_id for each in article.audience.all()]},
        "services": [each.key for each in article.services.all() if writes or each.key in offered],
    }
    if not writes:
        return ArticleShown(**shown)
    use = articles.usage_of([article.pk], today=who.who.on).get(article.pk, articles.Usage(0, 0))
    return ArticleForWriting(
        **shown,
        unhelpful=article.unhelpful,
        owner=article.owner.public_id if article.owner else None,
        review_on=article.review_on,
        views=use.views,
        solved=use.solved,
    )
