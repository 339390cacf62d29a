"""Builders of knowledge: articles through the actions."""

from datetime import datetime
from itertools import count
from typing import Any

from neike.desk import actions
from neike.desk.actions import ArticleContent
from neike.desk.choices import ArticleState
from neike.desk.events import ArticleChanged
from neike.desk.models import Article
from neike.desk.receivers.articles import keep_article_findable
from neike.kernel.texts import LocalizedText
from neike.org.models import Department, Person
from tests.make.desk import MONDAY

_next = count(1)


def content(**fields: Any) -> ArticleContent:
    """Return what an article says."""
    number = next(_next)
    given = {
        "title": LocalizedText.of(zh=f"打印机缺纸{number}", en=f"Printer without paper {number}"),
        "body": LocalizedText.of(
            zh="打开下方纸盒，放入纸张。", en="Open the tray below and add paper."
        ),
    }
    return ArticleContent(**{**given, **fields})


def article(
    department: Department,
    *,
    by: Person | None = None,
    state: ArticleState = ArticleState.PUBLISHED,
    key: str = "",
    now: datetime = MONDAY,
    **fields: Any,
) -> Article:
    """Return an article of a department, published and in the search index unless the test says otherwise."""
    made = actions.create_article(
        department=department, content=content(**fields), by=by, now=now, key=key
    )
    if state != ArticleState.DRAFT:
        made = actions.set_article_state(article=made, state=state, by=by, now=now)
    indexed(made, now=now)
    return made


def indexed(article: Article, *, now: datetime = MONDAY) -> None:
    """Do what the outbox does after a change."""
    keep_article_findable(ArticleChanged(article_id=article.pk, at=now, by_id=None), now=now)
