"""What customers need, and who may know which part of it yet.

Who serves guesses first: to people of the provider's end alone, level, importance and amount of a need's present
version stay hidden until they have guessed it or asked to see it without a guess. Guesses are told as a mean and a
number, to people of the two ends to whom the expectation is not hidden.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from neike.relations import policies
from neike.relations.choices import Side
from neike.relations.models import (
    KanoAnswer,
    Need,
    NeedGuess,
    NeedReview,
    NeedVersion,
    ServiceRelation,
)
from neike.relations.models.relations import OPEN
from neike.relations.policies import Standing
from neike.relations.queries.relations import ENDS
from neike.relations.terms import half_year_before


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of levels 1-5 and how many people it stands on; None where nobody said anything."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class NeedShown:
    """A need as one person may see it.

    `hidden` is true while they owe a guess; then `importance`, `expected`, `amount`, `guessed` and `guessed_importance`
    are None. `guessed` is the mean of the provider's guesses of `expected` in the present version, skipped ones left
    out. `perceived` is the mean of each person's latest review. `own_guess` and `own_review` are the viewer's own.
    """

    need: Need
    version: NeedVersion
    hidden: bool
    importance: int | None
    expected: int | None
    amount: Decimal | None
    guessed: Mean | None
    guessed_importance: Mean | None
    perceived: Mean
    own_guess: NeedGuess | None
    own_review: NeedReview | None
    own_kano: KanoAnswer | None
    kano_answers: int
    may_guess: bool
    may_revise: bool
    may_answer: bool


def needs_visible_to(who: Standing) -> QuerySet[Need]:
    """Return the needs of the relations of whose ends the person is one, retired ones included."""
    return (
        Need.objects.filter(policies.inside(who, "relation__"))
        .select_related("stated_by", *(f"relation__{end}" for end in ENDS))
        .order_by("relation", "pk")
    )


def needs_of(relation: ServiceRelation, *, who: Standing, retired: bool = False) -> list[NeedShown]:
    """Return the needs of one relation as the person may see them; a fixed number of queries, [] for outsiders."""
    rows = needs_visible_to(who).filter(relation=relation)
    return shown(rows if retired else rows.filter(retired_on=None), who=who)


def need_shown(need: Need, *, who: Standing) -> NeedShown:
    """Return one need as the person may see it.

    Raises:
        Need.DoesNotExist: they may not see it at all.
    """
    found = shown(needs_visible_to(who).filter(pk=need.pk), who=who)
    if not found:
        raise Need.DoesNotExist
    return found[0]


def shown(needs: Iterable[Need], *, who: Standing) -> list[NeedShown]:
    """Return needs, read with their relation and its ends, as the person may see them; four queries at any length."""
    rows = list(needs)
    ids = [need.pk for need in rows]
    versions = {row.need_id: row for row in _present(NeedVersion.objects.filter(need__in=ids))}
    guesses = _grouped(_present(NeedGuess.objects.filter(need__in=ids)))
    reviews = _grouped(latest_reviews(ids))
    kano = _grouped(KanoAnswer.objects.filter(need__in=ids))
    return [
        _shown(
            need,
            versions[need.pk],
            guesses.get(need.pk, []),
            reviews.get(need.pk, []),
            kano.get(need.pk, []),
            who,
        )
        for need in rows
    ]


def _shown(
    need: Need,
    version: NeedVersion,
    guesses: Sequence[NeedGuess],
    reviews: Sequence[NeedReview],
    kano: Sequence[KanoAnswer],
    who: Standing,
) -> NeedShown:
    own = next((each for each in guesses if each.person_id == who.person_id), None)
    served = who.is_of(need.relation, Side.CUSTOMER)
    hidden = not served and own is None
    open_ = need.retired_on is None and need.relation.is_open
    given = [each for each in guesses if not each.skipped]
    return NeedShown(
        need=need,
        version=version,
        hidden=hidden,
        importance=None if hidden else version.importance,
        expected=None if hidden else version.expected,
        amount=None if hidden else version.amount,
        guessed=None if hidden else mean(each.expected for each in given),
        guessed_importance=None if hidden else mean(each.importance for each in given),
        perceived=mean(each.perceived for each in reviews),
        own_guess=own,
        own_review=next((each for each in reviews if each.person_id == who.person_id), None),
        own_kano=next((each for each in kano if each.person_id == who.person_id), None),
        kano_answers=len(kano),
        may_guess=open_ and own is None and bool(policies.may_guess(who, need)),
        may_revise=open_ and bool(policies.may_revise_need(who, need)),
        may_answer=open_ and served,
    )


def mean(levels: Iterable[int | None]) -> Mean:
    """Return the mean of the levels that were given."""
    said = [level for level in levels if level is not None]
    return Mean(sum(said) / len(said) if said else None, len(said))


def versions_of(need: Need, *, who: Standing) -> list[NeedVersion]:
    """Return what a need said over time, newest first.

    While the present version is hidden only those the person has guessed, or asked to see, in their time: an
    earlier level would give the guess away.
    """
    rows = need.versions.select_related("by").order_by("-version")
    if hides(who, need):
        own = need.guesses.filter(person=who.person_id)
        rows = rows.filter(version__in=own.values("version"))
    return list(rows)


def hides(who: Standing, need: Need) -> bool:
    """Whether the level of a need's present version is still hidden from the person: they owe a guess."""
    if who.is_of(need.relation, Side.CUSTOMER):
        return False
    return not need.guesses.filter(version=need.version, person=who.person_id).exists()


def reviews_of(need: Need) -> QuerySet[NeedReview]:
    """Return every review of a need, newest first, with its writer; for people of the two ends."""
    return need.reviews.select_related("person").order_by("-at", "-pk")


def latest_reviews(needs: Iterable[int], *, since: datetime | None = None) -> QuerySet[NeedReview]:
    """Return each person's latest review of each need (ids), only those since a moment when one is named."""
    rows = NeedReview.objects.filter(need__in=list(needs))
    if since is not None:
        rows = rows.filter(at__gte=since)
    later = NeedReview.objects.filter(need=OuterRef("need"), person=OuterRef("person"))
    return rows.filter(pk=Subquery(later.order_by("-at", "-pk").values("pk")[:1]))


def kano_pairs(needs: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Return the pairs (functional, dysfunctional) answered for each need (ids), for the Kano engine."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = KanoAnswer.objects.filter(need__in=list(needs)).order_by("need", "pk")
    for need, functional, dysfunctional in rows.values_list(
        "need_id", "functional", "dysfunctional"
    ):
        found.setdefault(need, []).append((functional, dysfunctional))
    return found


def needs_to_guess(who: Standing) -> QuerySet[Need]:
    """Return the needs whose expectation this person is asked to guess: they speak for the provider, and nobody nearer."""
    guessed = NeedGuess.objects.filter(
        need=OuterRef("pk"), version=OuterRef("version"), person=who.person_id
    )
    return (
        _open_needs()
        .filter(policies.answering(who, Side.PROVIDER, "relation__"))
        .exclude(policies.belonging(who, Side.CUSTOMER, "relation__"))
        .exclude(Exists(guessed))
        .order_by("pk")
    )


def needs_to_review(who: Standing) -> QuerySet[Need]:
    """Return the needs to look at again, for who stated them or speaks for the customer.

    The review date has come, and nobody has said for half a year how well the need is met.
    """
    spoken = policies.answering(who, Side.CUSTOMER, "relation__")
    stated = Q(stated_by=who.person_id) & policies.belonging(who, Side.CUSTOMER, "relation__")
    due = NeedVersion.objects.filter(
        need=OuterRef("pk"), version=OuterRef("version"), review_on__lte=who.on
    )
    lately = NeedReview.objects.filter(need=OuterRef("pk"), at__date__gt=half_year_before(who.on))
    return _open_needs().filter(spoken | stated).filter(Exists(due), ~Exists(lately)).order_by("pk")


def _open_needs() -> QuerySet[Need]:
    open_relations = ServiceRelation.objects.filter(OPEN)
    return Need.objects.filter(retired_on=None, relation__in=open_relations).select_related(
        *(f"relation__{end}" for end in ENDS)
    )


def _present(rows: QuerySet) -> QuerySet:  # type: ignore[type-arg]  # versions or guesses
    return rows.filter(version=F("need__version"))


def _grouped(rows: Iterable) -> dict[int, list]:  # type: ignore[type-arg]  # any row with a need
    found: dict[int, list] = {}  # type: ignore[type-arg]
    for row in rows:
        found.setdefault(row.need_id, []).append(row)
    return found
