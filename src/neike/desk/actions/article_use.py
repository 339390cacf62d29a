"""What readers do with knowledge: open it, vote on it, find that it solved their need, search in vain.

Votes keep their person, so that there is one each; uses and vain searches keep none.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from neike.catalog.models import Service
from neike.desk import policies
from neike.desk.actions.drafts import discard_draft
from neike.desk.actions.errors import ArticleChangedError, BadTextError
from neike.desk.models import (
    Article,
    ArticleDay,
    ArticleVote,
    SearchMiss,
    SearchSalt,
    SearchTrace,
)
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person

REASON_LIMIT: Final = 500
ENOUGH_PEOPLE: Final = 3
"""How many different people must have looked for a text in vain before anybody sees it."""
PATIENCE: Final = timedelta(minutes=10)
"""How long after a search nobody is said to have opened nothing."""
KEPT: Final = timedelta(days=366)
_SHORTEST, _LONGEST = 2, 80


@transaction.atomic
def vote(
    *, article: Article, helpful: bool, reason: str, version: int, by: Person, now: datetime
) -> ArticleVote:
    """Say whether an article helped; a second time changes the vote on this version.

    Raises:
        PermissionDenied: `by` may not read it, or wrote it.
        ArticleChangedError: it reads otherwise now.
        BadTextError: the reason is too long.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    require(policies.may_vote(policies.standing(by, now=now), article))
    if version != article.version:
        raise ArticleChangedError(article)
    if len(reason) > REASON_LIMIT or "\x00" in reason:
        raise BadTextError(REASON_LIMIT)
    given, _created = ArticleVote.objects.update_or_create(
        article=article,
        version=version,
        person=by,
        defaults={"helpful": helpful, "reason": reason.strip(), "at": now},
    )
    votes = article.votes.all()
    article.helpful = votes.filter(helpful=True).count()
    article.unhelpful = votes.filter(helpful=False).count()
    article.save(update_fields=["helpful", "unhelpful"])
    return given


def forget_reasons(person_id: int) -> None:
    """Throw away what an erased person wrote beside their votes; the votes stay counted."""
    ArticleVote.objects.filter(person=person_id).update(reason="")


def count_view(*, article: Article, now: datetime) -> None:
    """Count that somebody opened an article today; who is not kept."""
    _count(article, "views", org_queries.organisation_day(now))


@transaction.atomic
def solved_by_article(*, article: Article, service: Service, by: Person, now: datetime) -> None:
    """Count that an article made a request needless, and forget the draft of it.

    Raises:
        PermissionDenied: `by` may not read the article.
    """
    require(policies.may_read_article(policies.standing(by, now=now), article))
    _count(article, "solved", org_queries.organisation_day(now))
    discard_draft(service=service, by=by)


def _count(article: Article, field: str, day: date) -> None:
    rows = ArticleDay.objects.filter(article=article, day=day)
    if rows.update(**{field: F(field) + 1}):
        return
    try:
        with transaction.atomic():
            ArticleDay.objects.create(article=article, day=day, **{field: 1})
    except IntegrityError:  # somebody else opened it first today
        rows.update(**{field: F(field) + 1})


def record_search(*, text: str, found: bool, by: Person, now: datetime) -> None:
    """Keep the trace of a search, and count what at least three people looked for in vain this week.

    The text itself is stored only then: until that the trace holds digests which nobody can read back, made with
    a secret that is thrown away when the week is over.
    """
    said = normalised(text)
    if said is None:
        return
    day = org_queries.organisation_day(now)
    salt = _salt_of(day)
    digest = _digest(salt, "text", said)
    _leave_trace(salt, digest, _digest(salt, "person", f"{by.pk}:{said}"), found=found, now=now)
    traces = SearchTrace.objects.filter(week=salt, text_digest=digest)
    vain = traces.filter(Q(found=False) | Q(found=True, opened=False, at__lte=now - PATIENCE))
    known = SearchMiss.objects.filter(text=said).exists()
    if known or vain.count() >= ENOUGH_PEOPLE:
        _count_misses(said, list(vain.filter(counted=False)), day)


def record_opening(*, text: str, by: Person, now: datetime) -> None:
    """Remember that somebody opened what they found for a text, so that the search was not in vain."""
    said = normalised(text)
    salt = SearchSalt.objects.filter(week=_monday(org_queries.organisation_day(now))).first()
    if said is None or salt is None:
        return
    SearchTrace.objects.filter(
        week=salt,
        text_digest=_digest(salt, "text", said),
        person_digest=_digest(salt, "person", f"{by.pk}:{said}"),
        counted=False,
    ).update(opened=True)


@transaction.atomic
def forget_searches(*, now: datetime) -> int:
    """Throw away the secrets and traces of weeks that are over, and misses of a year ago; return how many weeks."""
    day = org_queries.organisation_day(now)
    SearchMiss.objects.filter(last_on__lt=day - KEPT).delete()
    over = SearchSalt.objects.filter(week__lt=_monday(day))
    SearchTrace.objects.filter(week__in=over).delete()
    return over.delete()[0]


def normalised(text: str) -> str | None:
    """Return a text as misses keep it: width, case and blanks folded; None for one that is too short or too long."""
    folded = unicodedata.normalize("NFKC", text.replace("\x00", "")).casefold()
    said = " ".join(folded.split())
    return said if _SHORTEST <= len(said) <= _LONGEST else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _salt_of(day: date) -> SearchSalt:
    salt, _created = SearchSalt.objects.get_or_create(
        week=_monday(day), defaults={"salt": secrets.token_hex(32)}
    )
    return salt


def _digest(salt: SearchSalt, what: str, value: str) -> str:
    key = f"{settings.SECRET_KEY}:{salt.salt}".encode()
    return hmac.new(key, f"{what}:{value}".encode(), hashlib.sha256).hexdigest()[:32]


def _leave_trace(salt: SearchSalt, text: str, person: str, *, found: bool, now: datetime) -> None:
    trace, created = SearchTrace.objects.get_or_create(
        week=salt, text_digest=text, person_digest=person, defaults={"found": found, "at": now}
    )
    if not created and not trace.counted:
        SearchTrace.objects.filter(pk=trace.pk, counted=False).update(found=found, at=now)


@transaction.atomic
def _count_misses(text: str, traces: Sequence[SearchTrace], day: date) -> None:
    """Add traces that are not counted yet, each exactly once however many do it at a time."""
    fresh = [
        trace
        for trace in traces
        if SearchTrace.objects.filter(pk=trace.pk, counted=False).update(counted=True)
    ]
    if not fresh:
        return
    without_result = sum(not trace.found for trace in fresh)
    SearchMiss.objects.get_or_create(text=text, defaults={"last_on": day})
    SearchMiss.objects.filter(text=text).update(
        without_result=F("without_result") + without_result,
        without_click=F("without_click") + len(fresh) - without_result,
        last_on=day,
    )
