"""Knowledge articles in the registries of the kernel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neike.desk import demo, policies, queries
from neike.desk.models import Article
from neike.desk.queries import articles
from neike.desk.registrations.readers import day_source, standing_of
from neike.kernel.attachments import AttachmentOwner, register_owner
from neike.kernel.audit.labels import AUDIT_ACTIONS, AUDIT_SUBJECTS, AuditAction, AuditSubject
from neike.kernel.registries import (
    DEMO_PARTS,
    NAVIGATION,
    SAFETY_OBJECTS,
    SERVICE_PANELS,
    DemoPart,
    NavigationEntry,
    ServicePanel,
)
from neike.kernel.safety import append_only
from neike.kernel.search import (
    SEARCH_SOURCES,
    SearchDocument,
    SearchSource,
)
from neike.org import queries as org_queries


def _may_read_article_file(person: Any, article_id: int) -> bool:  # noqa: ANN401
    who = standing_of(person)
    return who is not None and queries.articles_visible_to(who).filter(pk=article_id).exists()


def _existing_articles(ids: Iterable[int]) -> set[int]:
    return set(Article.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _article_documents() -> Iterable[SearchDocument]:
    """Give the index every published article, for whom it is meant in today's organisation."""
    return queries.article_documents(on=org_queries.organisation_day(timezone.now()))  # noqa: TID251 - no clock of its own


def _articles_on_service(person: Any, service: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401
    articles = queries.articles_about(policies.standing(person, now=now), service)
    return {"articles": articles} if articles else {}


def _describe_articles(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name articles by their key: a title may say what not every auditor may read."""
    rows = Article.objects.filter(public_id__in=list(ids))
    return {str(each.public_id): (each.key, each.path) for each in rows}


def _register_knowledge() -> None:
    """Put knowledge articles into every registry they belong to."""
    SAFETY_OBJECTS.register(append_only("desk_articleversion"))
    register_owner(
        AttachmentOwner(
            key="desk.article", may_read=_may_read_article_file, existing=_existing_articles
        )
    )
    SEARCH_SOURCES.register(SearchSource(key="desk.articles", documents=_article_documents))
    SERVICE_PANELS.register(
        ServicePanel(
            key="desk.articles",
            order=10,
            template="desk/articles/_on_service.html",
            context=_articles_on_service,
        )
    )
    NAVIGATION.register(
        NavigationEntry(
            key="desk.knowledge",
            order=40,
            label=_("Knowledge"),
            icon="note",
            url_name="desk:knowledge",
        )
    )
    day_source(
        "desk.article_reviews",
        150,
        _("Articles to look at again"),
        "note",
        articles.review_items,
        page="desk:articles_manage",
        query="show=review",
    )
    for code, label in (
        ("created", _("Article written")),
        ("changed", _("Article changed")),
        ("restored", _("Former version of an article restored")),
        ("published", _("Article published")),
        ("retired", _("Article withdrawn from use")),
        ("draft", _("Article made a draft again")),
        ("reviewed", _("Article looked at again")),
    ):
        AUDIT_ACTIONS.register(AuditAction(key=f"desk.article_{code}", label=label))
    AUDIT_SUBJECTS.register(AuditSubject(key="desk.article", describe=_describe_articles))
    DEMO_PARTS.register(DemoPart(key="desk.knowledge", order=35, load=demo.load_knowledge))


_register_knowledge()
