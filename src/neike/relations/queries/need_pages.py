"""What the pages about needs show: each need as its reader may see it, what changed in it, the two gaps.

Somebody of the provider's side reads what a customer expects only after a guess of their own, or after asking to
see it without one. Until then nothing that tells it is handed out: no level, no importance, no measure, no gap.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import fmean
from typing import TypeVar

from django.db.models import F, QuerySet

from neike.engines.gaps import Gaps, NeedAnswers, diagnose_needs
from neike.engines.kano import KanoSummary, summarise
from neike.engines.shares import SMALL_SAMPLE
from neike.org import queries as org_queries
from neike.relations import policies
from neike.relations.choices import Dimension, Side
from neike.relations.models import (
    KanoAnswer,
    Need,
    NeedGuess,
    NeedReview,
    NeedVersion,
    ServiceRelation,
)
from neike.relations.policies import Standing
from neike.relations.terms import half_year_after

Row = TypeVar("Row", NeedReview, NeedGuess, KanoAnswer)


@dataclass(frozen=True)
class NeedOnPage:
    """One need as one reader may see it. `own_…` are the reader's own words; `is_revealed` says whether they may
    read what is expected. `perceptions` holds the latest answer of each person.
    """

    need: Need
    said: NeedVersion
    is_revealed: bool
    own_guess: NeedGuess | None
    own_review: NeedReview | None
    own_feeling: KanoAnswer | None
    perceptions: tuple[int, ...]
    guesses: tuple[int, ...]
    last_review: date | None
    kano: KanoSummary
    may_revise: bool
    may_answer: bool
    may_guess: bool

    @cached_property
    def answers(self) -> NeedAnswers:
        """What the gaps are computed from."""
        return NeedAnswers(self.said.expected, self.perceptions, self.guesses)

    @cached_property
    def gaps(self) -> Gaps | None:
        """Both gaps; None while the reader may not know what is expected."""
        return diagnose_needs([self.answers]) if self.is_revealed else None

    @property
    def next_review(self) -> date:
        """The day of the next review: the one that was set, or half a year after the last review."""
        if self.last_review is None:
            return self.said.review_on
        return max(self.said.review_on, half_year_after(self.last_review))


@dataclass(frozen=True, slots=True)
class DimensionGaps:
    """The needs of one dimension together. Means are of all answers, 1 to 5, None where nobody has answered.

    `hidden` counts the needs whose expectation the reader may not know yet; with any, no figure is given.
    """

    dimension: Dimension
    needs: int
    hidden: int
    expected: float | None
    perceived: float | None
    guessed: float | None
    perceptions: int
    guesses: int
    gaps: Gaps | None

    @property
    def is_small(self) -> bool:
        """Whether either gap stands on few answers."""
        return min(self.perceptions, self.guesses) < SMALL_SAMPLE


@dataclass(frozen=True, slots=True)
class Said:
    """One version of a need with what it changed: (field, before, after); the first changed nothing."""

    version: NeedVersion
    changes: tuple[tuple[str, object, object], ...]


def needs_visible_to(who: Standing) -> QuerySet[Need]:
    """Return the needs of the relations of whose ends the person is one, retired ones included."""
    return Need.objects.filter(policies.inside(who, "relation__"))


def needs_of(relation: ServiceRelation, who: Standing) -> list[NeedOnPage]:
    """Return the needs of a relation that still hold, as the person may see them, in four queries."""
    rows = NeedVersion.objects.filter(
        need__relation=relation, need__retired_on=None, version=F("need__version")
    ).select_related("need", "by")
    return _on_page(relation, rows.order_by("need__pk"), who)


def need_on_page(need: Need, who: Standing) -> NeedOnPage:
    """Return one need, retired or not, as the person may see it."""
    rows = NeedVersion.objects.filter(need=need, version=need.version).select_related("need", "by")
    return _on_page(need.relation, rows, who)[0]


def versions_of(need: Need) -> list[Said]:
    """Return every version of a need, newest first, each with what it changed."""
    versions = list(need.versions.select_related("by").order_by("version"))
    before: list[NeedVersion | None] = [None, *versions]
    found = [
        Said(version, _changes(old, version))
        for old, version in zip(before, versions, strict=False)  # the first has none before it
    ]
    return found[::-1]


def retired_needs(relation: ServiceRelation) -> QuerySet[NeedVersion]:
    """Return the last word of each need of a relation that is no longer needed, latest first."""
    rows = NeedVersion.objects.filter(
        need__relation=relation, need__retired_on__isnull=False, version=F("need__version")
    )
    return rows.select_related("need").order_by("-need__retired_on", "-need__pk")


def gaps_by_dimension(needs: Sequence[NeedOnPage]) -> list[DimensionGaps]:
    """Return both gaps of each dimension that has a need, in the order of the dimensions."""
    grouped: dict[str, list[NeedOnPage]] = defaultdict(list)
    for each in needs:
        grouped[each.need.dimension].append(each)
    return [_of_dimension(each, grouped[each]) for each in Dimension if each in grouped]


def _of_dimension(dimension: Dimension, needs: list[NeedOnPage]) -> DimensionGaps:
    hidden = sum(not each.is_revealed for each in needs)
    answers = [each.answers for each in needs]
    perceived = [score for each in answers for score in each.perceptions]
    guessed = [score for each in answers for score in each.guesses]
    expected = [each.expected for each in answers]
    return DimensionGaps(
        dimension=dimension,
        needs=len(needs),
        hidden=hidden,
        expected=None if hidden else _mean(expected),
        perceived=None if hidden else _mean(perceived),
        guessed=None if hidden else _mean(guessed),
        perceptions=len(perceived),
        guesses=len(guessed),
        gaps=None if hidden else diagnose_needs(answers),
    )


def _on_page(
    relation: ServiceRelation, versions: Iterable[NeedVersion], who: Standing
) -> list[NeedOnPage]:
    found = list(versions)
    ids = [each.need_id for each in found]
    reviews = _by_need(NeedReview.objects.filter(need__in=ids).order_by("at", "pk"))
    guesses = _by_need(NeedGuess.objects.filter(need__in=ids, version=F("need__version")))
    feelings = _by_need(KanoAnswer.objects.filter(need__in=ids))
    served = who.is_of(relation, Side.CUSTOMER)
    return [
        _one(relation, each, who, served, reviews[each.need_id], guesses[each.need_id], feelings[each.need_id])
        for each in found
    ]


def _one(
    relation: ServiceRelation,
    said: NeedVersion,
    who: Standing,
    served: bool,  # noqa: FBT001 - of a private function
    reviews: list[NeedReview],
    guesses: list[NeedGuess],
    feelings: list[KanoAnswer],
) -> NeedOnPage:
    need = said.need
    need.relation = relation
    latest: Mapping[int, NeedReview] = {each.person_id: each for each in reviews}
    own_guess = next((each for each in guesses if each.person_id == who.person_id), None)
    is_open = need.retired_on is None and relation.is_open
    return NeedOnPage(
        need=need,
        said=said,
        is_revealed=served or own_guess is not None,
        own_guess=own_guess,
        own_review=latest.get(who.person_id),
        own_feeling=next((each for each in feelings if each.person_id == who.person_id), None),
        perceptions=tuple(each.perceived for each in latest.values()),
        guesses=tuple(each.expected for each in guesses if each.expected is not None),
        last_review=org_queries.organisation_day(reviews[-1].at) if reviews else None,
        kano=summarise((each.functional, each.dysfunctional) for each in feelings),
        may_revise=is_open and bool(policies.may_revise_need(who, need)),
        may_answer=is_open and served,
        may_guess=is_open and own_guess is None and bool(policies.may_guess(who, need)),
    )


def _by_need(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for each in rows:
        found[each.need_id].append(each)
    return found


def _changes(
    old: NeedVersion | None, new: NeedVersion
) -> tuple[tuple[str, object, object], ...]:
    if old is None:
        return ()
    fields = ("statement", "importance", "expected")
    found = [(each, getattr(old, each), getattr(new, each)) for each in fields]
    found.append(("measure", old, new))
    return tuple(
        (field, before, after)
        for field, before, after in found
        if (_measured(old) != _measured(new) if field == "measure" else before != after)
    )


def _measured(version: NeedVersion) -> tuple[object, ...]:
    return version.measure, version.amount, version.unit


def _mean(scores: Sequence[int]) -> float | None:
    return fmean(scores) if scores else None
