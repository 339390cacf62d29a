"""What the pages about needs show: each need as its reader may see it, what changed in it, the two gaps.

Somebody of the provider's side reads what a customer expects only after a guess of their own, or after asking to
see it without one. Until then nothing that tells it is handed out: no level, no importance, no measure, no gap.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import fmean

from django.db.models import F, QuerySet

from neike.engines.gaps import Gaps, NeedAnswers, diagnose_needs
from neike.engines.kano import KanoSummary, summarise
from neike.engines.shares import SMALL_SAMPLE
from neike.org import queries as org_queries
from neike.relations.choices import Dimension
from neike.relations.models import Need, NeedGuess, NeedVersion, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries import needs as need_queries
from neike.relations.queries.needs import NeedShown
from neike.relations.terms import half_year_after


@dataclass(frozen=True)
class NeedOnPage:
    """One need as one reader may see it, with what the gaps are computed from.

    `perceptions` holds the latest answer of each person, `guesses` those of the present version; neither is shown
    one by one.
    """

    shown: NeedShown
    perceptions: tuple[int, ...]
    guesses: tuple[int, ...]
    last_review: date | None
    kano: KanoSummary

    @property
    def need(self) -> Need:
        """The need itself."""
        return self.shown.need

    @property
    def said(self) -> NeedVersion:
        """What it says now; its level, importance and amount are only for whom it is not hidden from."""
        return self.shown.version

    @cached_property
    def answers(self) -> NeedAnswers:
        """What the gaps are computed from."""
        return NeedAnswers(self.said.expected, self.perceptions, self.guesses)

    @cached_property
    def gaps(self) -> Gaps | None:
        """Both gaps; None while the reader may not know what is expected."""
        return None if self.shown.hidden else diagnose_needs([self.answers])

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


def needs_of(relation: ServiceRelation, who: Standing) -> list[NeedOnPage]:
    """Return the needs of a relation that still hold, as the person may see them, in a fixed number of queries."""
    return _on_page(need_queries.needs_of(relation, who=who))


def need_on_page(need: Need, who: Standing) -> NeedOnPage:
    """Return one need, retired or not, as the person may see it.

    Raises:
        Need.DoesNotExist: they may not see it at all.
    """
    return _on_page([need_queries.need_shown(need, who=who)])[0]


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
    hidden = sum(each.shown.hidden for each in needs)
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


def _on_page(shown: list[NeedShown]) -> list[NeedOnPage]:
    ids = [each.need.pk for each in shown]
    perceived, guessed = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    last: dict[int, date] = {}
    for review in need_queries.latest_reviews(ids).order_by("at"):
        perceived[review.need_id].append(review.perceived)
        last[review.need_id] = org_queries.organisation_day(review.at)
    present = NeedGuess.objects.filter(need__in=ids, version=F("need__version"), skipped=False)
    for guess in present:
        if guess.expected is not None:
            guessed[guess.need_id].append(guess.expected)
    pairs = need_queries.kano_pairs(ids)
    return [
        NeedOnPage(
            shown=each,
            perceptions=tuple(perceived[each.need.pk]),
            guesses=tuple(guessed[each.need.pk]),
            last_review=last.get(each.need.pk),
            kano=summarise(pairs.get(each.need.pk, ())),
        )
        for each in shown
    ]


def _changes(old: NeedVersion | None, new: NeedVersion) -> tuple[tuple[str, object, object], ...]:
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
