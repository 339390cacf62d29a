"""Who reads, writes and votes on knowledge articles."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from neike.desk.choices import OPEN_TICKET_STATES, ArticleState
from neike.desk.models import (
    Article,
    ArticleVersion,
    Ticket,
)
from neike.desk.policies.requests import may_read_internal
from neike.desk.policies.standings import Standing, standing
from neike.kernel.policies import Decision, allow, declare, deny
from neike.org.models import Person


def articles_readable_by(who: Standing) -> Q:
    """Return the condition on `Article` for what a person may read.

    Whoever writes for its department reads all of it. Everybody else reads what is published, unless it is internal,
    meant for departments they are neither in nor below, or about a confidential service they are not offered.
    The department that wrote it, with all below, always belongs to the audience.
    """
    own = Q(department__in=who.writes_for)
    audience = Article.audience.through.objects.filter(article=OuterRef("pk"))
    near = audience.filter(department__public_id__in=who.surroundings)
    meant = ~Q(Exists(audience)) | Q(Exists(near)) | Q(department__public_id__in=who.surroundings)
    shown = Q(state=ArticleState.PUBLISHED, internal=False) & meant
    if who.closed_services:
        about = Article.services.through.objects.filter(
            article=OuterRef("pk"), service__in=who.closed_services
        )
        shown &= ~Q(Exists(about))
    return own | shown


def may_read_article(who: Standing, article: Article) -> Decision:
    """Whether the article is among those the person may read; one query."""
    found = Article.objects.filter(articles_readable_by(who), pk=article.pk).exists()
    return allow() if found else deny("not_in_audience")


def may_write_for(who: Standing, department_id: int) -> Decision:
    """Members and leads of a department write its articles, and whoever owns a service of it."""
    return allow() if department_id in who.writes_for else deny("not_in_department")


def may_write_article(who: Standing, article: Article) -> Decision:
    """Whoever writes for the department of an article edits, publishes and withdraws it."""
    return may_write_for(who, article.department_id)


def may_vote(who: Standing, article: Article) -> Decision:
    """Readers say whether a published article helped; nobody judges what they wrote."""
    if article.state != ArticleState.PUBLISHED:
        return deny("not_published")
    wrote = ArticleVersion.objects.filter(article=article, by=who.person_id).exists()
    return deny("own_work") if wrote else may_read_article(who, article)


def may_draft_from(who: Standing, ticket: Ticket) -> Decision:
    """Those who served a solved request make an article of it; never of a confidential one."""
    if ticket.confidential:
        return deny("confidential")
    if ticket.state in OPEN_TICKET_STATES or ticket.resolved_at is None:
        return deny("not_resolved")
    return may_read_internal(who, ticket) if who.writes_for else deny("not_serving")


def writes_articles(person: Any) -> Decision:  # noqa: ANN401 - a visitor or a person
    """Open the door of the writers' pages: somebody who writes for some department; each article is decided alone."""
    if not isinstance(person, Person):
        return deny("anonymous")
    who = standing(person, now=timezone.now())  # noqa: TID251 - a door has no clock of its own
    return allow() if who.writes_for else deny("not_serving")


WRITE_ARTICLES = declare("desk.write_articles", writes_articles)
