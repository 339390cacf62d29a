"""Writing knowledge: an article, its versions, who reads it, when it is looked at again."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk import policies
from neike.desk.actions.errors import ArticleChangedError, ArticleRefusedError
from neike.desk.choices import ArticleState
from neike.desk.events import ArticleChanged
from neike.desk.models import Article, ArticleTerm, ArticleVersion, Ticket
from neike.engines import likeness
from neike.kernel import attachments
from neike.kernel.audit.actions import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Department, Person

KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")
TITLE_LIMIT: Final = 160
BODY_LIMIT: Final = 50_000
NOTE_LIMIT: Final = 300
RESERVED: Final = frozenset({"new", "manage", "misses", "preview", "search"})
_MOST_WORDS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContent:
    """What one may say in and about an article. No `audience` means everybody; `note` says what changed."""

    title: LocalizedText
    body: LocalizedText
    internal: bool = False
    audience: tuple[Department, ...] = ()
    services: tuple[Service, ...] = ()
    owner: Person | None = None
    review_on: date | None = None
    note: str = ""


@transaction.atomic
def create_article(
    *,
    department: Department,
    content: ArticleContent,
    by: Person | None,
    now: datetime,
    key: str = "",
    source: Ticket | None = None,
    files: Collection[UUID] = (),
) -> Article:
    """Write the draft of an article; without a key it gets one from its title. `by` None is the system itself.

    Raises:
        PermissionDenied: `by` may not write for this department, or not draft from `source`.
        ArticleRefusedError: the title is missing, a text is too long, or the key is taken or cannot be used.
    """
    if by is not None:
        who = policies.standing(by, now=now)
        require(policies.may_write_for(who, department.pk))
        if source is not None:
            require(policies.may_draft_from(who, source))
    _check(content)
    article = Article(
        department=department, created_at=now, updated_at=now, source=source, version=1
    )
    _say(article, content)
    _keep_under_a_key(article, key)
    _relate(article, content, by=by, now=now)
    _keep_version(article, content.note, by=by, now=now)
    _claim(files, article, by)
    _tell(article, "desk.article_created", by=by, now=now, before={}, after=_values(article))
    return article


@transaction.atomic
def change_article(
    *,
    article: Article,
    content: ArticleContent,
    version: int | None,
    by: Person | None,
    now: datetime,
    files: Collection[UUID] = (),
) -> Article:
    """Change an article; a changed text becomes a new version. `version` is what the person saw (None: any).

    Raises:
        PermissionDenied: `by` may not write this article.
        ArticleChangedError: somebody was faster.
        ArticleRefusedError: the title is missing, or a text is too long.
    """
    article = _locked(article, by, now)
    if version is not None and version != article.version:
        raise ArticleChangedError(article)
    _check(content)
    before = _values(article)
    is_new_text = (article.title, article.body) != (content.title, content.body)
    _say(article, content)
    article.version += is_new_text
    article.updated_at = now if is_new_text else article.updated_at
    article.save()
    _relate(article, content, by=by, now=now)
    if is_new_text:
        _keep_version(article, content.note, by=by, now=now)
    _claim(files, article, by)
    _tell(article, "desk.article_changed", by=by, now=now, before=before, after=_values(article))
    return article


@transaction.atomic
def restore_version(
    *, article: Article, number: int, version: int, by: Person, now: datetime
) -> Article:
    """Let an article read as it did before: as a new version, so that nothing is lost.

    Raises:
        PermissionDenied: `by` may not write this article.
        ArticleChangedError: somebody was faster.
        ArticleRefusedError: it has no such version.
    """
    article = _locked(article, by, now)
    if version != article.version:
        raise ArticleChangedError(article)
    former = article.versions.filter(version=number).first()
    if former is None:
        raise ArticleRefusedError("version", _("There is no such version."))
    if (former.title, former.body) == (article.title, article.body):
        return article
    article.title, article.body = former.title, former.body
    article.version, article.updated_at = article.version + 1, now
    article.save(update_fields=["title", "body", "version", "updated_at"])
    _keep_version(article, "", by=by, now=now, restored=number)
    _tell(
        article,
        "desk.article_restored",
        by=by,
        now=now,
        before={"version": version},
        after={"version": article.version, "restored": number},
    )
    return article


@transaction.atomic
def set_article_state(
    *, article: Article, state: ArticleState, by: Person | None, now: datetime
) -> Article:
    """Publish an article, withdraw it from use, or make it a draft again. The present state changes nothing.

    Raises:
        PermissionDenied: `by` may not write this article.
        ArticleRefusedError: it says nothing yet.
    """
    article = _locked(article, by, now)
    if article.state == state:
        return article
    if state == ArticleState.PUBLISHED and not article.body:
        raise ArticleRefusedError("body", _("Write something before you publish it."))
    before, article.state = {"state": article.state}, state
    article.save(update_fields=["state"])
    _tell(
        article,
        f"desk.article_{state.value}",
        by=by,
        now=now,
        before=before,
        after={"state": state.value},
    )
    return article


def reviewed(*, article: Article, next_on: date | None, by: Person, now: datetime) -> Article:
    """Say that an article is still right, and when it is to be looked at again (None: never).

    Raises:
        PermissionDenied: `by` may not write this article.
        ArticleRefusedError: the day is not to come.
    """
    with transaction.atomic():
        article = _locked(article, by, now)
        if next_on is not None and next_on <= org_queries.organisation_day(now):
            raise ArticleRefusedError("review_on", _("Please name a day to come."))
        before, article.review_on = {"review_on": _text(article.review_on)}, next_on
        article.save(update_fields=["review_on"])
        after = {"review_on": _text(next_on)}
        _tell(article, "desk.article_reviewed", by=by, now=now, before=before, after=after)
    return article


def _locked(article: Article, by: Person | None, now: datetime) -> Article:
    fresh = (
        Article.objects.select_for_update(of=("self",))
        .select_related("department")
        .get(pk=article.pk)
    )
    if by is not None:
        require(policies.may_write_article(policies.standing(by, now=now), fresh))
    return fresh


def _check(content: ArticleContent) -> None:
    if not content.title:
        raise ArticleRefusedError("title", _("An article needs a title."))
    for field, text, limit in (
        ("title", content.title, TITLE_LIMIT),
        ("body", content.body, BODY_LIMIT),
    ):
        if any(len(each) > limit or "\x00" in each for each in text.texts.values()):
            raise ArticleRefusedError(
                field, _("At most %(limit)d characters, please.") % {"limit": limit}
            )
    if len(content.note) > NOTE_LIMIT:
        raise ArticleRefusedError(
            "note", _("At most %(limit)d characters, please.") % {"limit": NOTE_LIMIT}
        )


def _say(article: Article, content: ArticleContent) -> None:
    article.title, article.body = content.title, content.body
    article.internal, article.owner = content.internal, content.owner
    article.review_on = content.review_on


def _keep_under_a_key(article: Article, key: str) -> None:
    """Store a new article under the wished key, or under a free one made of its title."""
    if key:
        if not KEY.fullmatch(key) or key in RESERVED:
            raise ArticleRefusedError(
                "key", _("Small letters, digits and dashes only, for example vpn-at-home.")
            )
        if not _stored(article, key):
            raise ArticleRefusedError(
                "key", _("Another article has the key “%(key)s”.") % {"key": key}
            )
        return
    words = re.findall(r"[a-z0-9]+", article.title.in_language("en").casefold())
    stem = "-".join(words)[:50].strip("-")
    stem = stem if len(stem) > 1 else article.department.code.casefold()
    tried = [stem, *(f"{stem}-{number}" for number in range(2, 50)), f"a-{article.public_id}"]
    for each in tried:
        if KEY.fullmatch(each) and each not in RESERVED and _stored(article, each):
            return


def _stored(article: Article, key: str) -> bool:
    article.key = key
    try:
        with transaction.atomic():
            article.save(force_insert=True)
    except IntegrityError:
        article.pk = None
        return False
    return True


def _relate(article: Article, content: ArticleContent, *, by: Person | None, now: datetime) -> None:
    article.audience.set(content.audience)
    kept = set(article.services.values_list("pk", flat=True))
    if by is not None and {each.pk for each in content.services} - kept:
        on = org_queries.organisation_day(now)
        require_offered(by, [each for each in content.services if each.pk not in kept], on)
    article.services.set(content.services)


def require_offered(by: Person, services: Collection[Service], on: date) -> None:
    """Refuse links to services the person cannot see.

    Raises:
        ArticleRefusedError: one of them is not offered to the person.
    """
    offered = catalog_queries.services_visible_to(by, on).filter(
        pk__in=[each.pk for each in services]
    )
    if offered.count() < len({each.pk for each in services}):
        raise ArticleRefusedError("services", _("One of these services is not offered to you."))


def _keep_version(
    article: Article, note: str, *, by: Person | None, now: datetime, restored: int | None = None
) -> None:
    ArticleVersion.objects.create(
        article=article,
        version=article.version,
        title=article.title,
        body=article.body,
        note=note.strip(),
        restored=restored,
        by=by,
        at=now,
    )
    weights = likeness.weights(
        " ".join(article.title.texts.values()),
        "\n".join(article.body.texts.values()),
        most=_MOST_WORDS,
    )
    article.terms.all().delete()
    ArticleTerm.objects.bulk_create(
        ArticleTerm(article=article, term=term, weight=weight) for term, weight in weights.items()
    )


def _claim(files: Collection[UUID], article: Article, by: Person | None) -> None:
    if files and by is not None:
        attachments.claim(ids=files, owner=article, by=by)


def _values(article: Article) -> dict[str, Any]:
    """Return what the record keeps: everything but the text, which its versions keep."""
    return {
        "title": article.title.as_json(),
        "state": article.state,
        "version": article.version,
        "internal": article.internal,
        "owner": article.owner_id,
        "review_on": _text(article.review_on),
        "audience": sorted(str(each.public_id) for each in article.audience.all()),
        "services": sorted(each.key for each in article.services.all()),
    }


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _tell(
    article: Article,
    action: str,
    *,
    by: Person | None,
    now: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    record(action=action, subject=article, by=by, now=now, before=before, after=after)
    event = ArticleChanged(article_id=article.pk, at=now, by_id=by.pk if by else None)
    announce(event, aggregate=f"article:{article.pk}", now=now)
