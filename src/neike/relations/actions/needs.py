"""Needs: stated, revised and retired by the served; guessed by the serving; reviewed and classed by the served."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.relations import policies
from neike.relations.actions.errors import (
    BadValueError,
    DayError,
    DuplicateNeedError,
    NeedChangedError,
    NotPossibleError,
)
from neike.relations.actions.work import in_range
from neike.relations.choices import Dimension, MeasureUnit
from neike.relations.events import NeedChanged
from neike.relations.models import (
    KanoAnswer,
    Need,
    NeedGuess,
    NeedReview,
    NeedVersion,
    ServiceRelation,
)
from neike.relations.terms import half_year_after

STATEMENT_LIMIT: Final = 500
MEASURE_LIMIT: Final = 200
COMMENT_LIMIT: Final = 500
AMOUNT_LIMIT: Final = Decimal("99999999.99")
LATEST_REVIEW: Final = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedContent:
    """What a need says. `measure`, `amount` and `unit` stand together or not at all; no review date: in half a year."""

    statement: str
    importance: int
    expected: int
    measure: str = ""
    amount: Decimal | int | None = None
    unit: str = ""
    review_on: date | None = None


@transaction.atomic
def state_need(
    *,
    relation: ServiceRelation,
    by: Person,
    dimension: Dimension | str,
    content: NeedContent,
    now: datetime,
) -> Need:
    """Say what the customer of a relation needs from its provider, and to what level.

    Raises:
        PermissionDenied: `by` is not of the customer's end.
        NotPossibleError: the relation has ended.
        BadValueError: a value is missing or out of range.
        DayError: the review date is not in the future.
        DuplicateNeedError: the same words stand there already; a double click is one need.
    """
    relation = _locked_relation(relation)
    require(policies.may_state_need(policies.standing(by, now=now), relation))
    if dimension not in Dimension.values:
        raise BadValueError("dimension", _("Please choose what the need is about."))
    checked = _checked(content, org_queries.organisation_day(now))
    _refuse_same(relation, dimension, checked.statement)
    need = Need.objects.create(relation=relation, dimension=dimension, stated_by=by)
    return _say(need, checked, "stated", by, now)


@transaction.atomic
def revise_need(
    *, need: Need, by: Person, content: NeedContent, version: int, now: datetime
) -> Need:
    """Say a need anew; earlier versions stay. The provider is asked for a new guess.

    Raises:
        PermissionDenied: `by` neither stated it nor speaks for the customer.
        NeedChangedError: somebody was faster.
        NotPossibleError: the need is retired, or the relation has ended.
        BadValueError, DayError: a value does not fit.
    """
    need = _locked(need, by, version, now)
    checked = _checked(content, org_queries.organisation_day(now))
    return _say(need, checked, "revised", by, now)


@transaction.atomic
def retire_need(*, need: Need, by: Person, version: int, now: datetime) -> Need:
    """Say that something is not needed any more; it stays readable.

    Raises:
        PermissionDenied: `by` neither stated it nor speaks for the customer.
        NeedChangedError: somebody was faster.
        NotPossibleError: the need is retired, or the relation has ended.
    """
    need = _locked(need, by, version, now)
    need.retired_on = org_queries.organisation_day(now)
    need.save(update_fields=["retired_on"])
    _tell(need, "retired", by, now)
    return need


@transaction.atomic
def review_need(
    *, need: Need, by: Person, perceived: int, comment: str = "", now: datetime
) -> NeedReview:
    """Say how well a need was met, 1 to 5, with a comment for both sides.

    Raises:
        PermissionDenied: `by` is not of the customer's end.
        NotPossibleError: the need is retired, or the relation has ended.
        BadValueError: a value does not fit.
    """
    need = _open(need)
    require(policies.may_answer_for(policies.standing(by, now=now), need))
    in_range("perceived", perceived, 1, 5, _("Please choose one of the five levels."))
    said = comment.strip()
    if len(said) > COMMENT_LIMIT:
        raise BadValueError("comment", _too_long(COMMENT_LIMIT))
    return NeedReview.objects.create(
        need=need, person=by, perceived=perceived, comment=said, at=now
    )


@transaction.atomic
def guess(
    *, need: Need, by: Person, expected: int, importance: int, version: int, now: datetime
) -> NeedGuess:
    """Guess, for oneself, what the customer expects, before seeing it; given once for each version of the need.

    Raises:
        PermissionDenied: `by` is not of the provider's end, or of the customer's, too.
        NeedChangedError: the need was revised since `version`.
        NotPossibleError: this person has guessed this version, or has seen it; the need is retired or over.
        BadValueError: a value does not fit.
    """
    in_range("expected", expected, 1, 5, _("Please choose one of the five levels."))
    in_range("importance", importance, 1, 5, _("Please choose one of the five levels."))
    made = NeedGuess(expected=expected, importance=importance)
    return _guess(made, need, by, version, now)


@transaction.atomic
def show_without_guess(*, need: Need, by: Person, version: int, now: datetime) -> NeedGuess:
    """Note that somebody of the provider's end wants to see the expectation without a guess.

    Raises:
        PermissionDenied, NeedChangedError, NotPossibleError: as `guess`.
    """
    return _guess(NeedGuess(skipped=True), need, by, version, now)


@transaction.atomic
def answer_kano(
    *, need: Need, by: Person, functional: int, dysfunctional: int, now: datetime
) -> KanoAnswer:
    """Answer the pair of questions: how one feels if the need is met, and if it is not; a new answer replaces the old.

    Raises:
        PermissionDenied: `by` is not of the customer's end.
        NotPossibleError: the need is retired, or the relation has ended.
        BadValueError: a value does not fit.
    """
    need = _open(need)
    require(policies.may_answer_for(policies.standing(by, now=now), need))
    for field, value in (("functional", functional), ("dysfunctional", dysfunctional)):
        in_range(field, value, 1, 5, _("Please choose one of the five answers."))
    answer, _created = KanoAnswer.objects.update_or_create(
        need=need,
        person=by,
        defaults={"functional": functional, "dysfunctional": dysfunctional, "at": now},
    )
    return answer


def _guess(made: NeedGuess, need: Need, by: Person, version: int, now: datetime) -> NeedGuess:
    need = _open(need)
    require(policies.may_guess(policies.standing(by, now=now), need))
    if need.version != version:
        raise NeedChangedError(need)
    made.need, made.version, made.person, made.at = need, version, by, now
    if NeedGuess.objects.filter(need=need, version=version, person=by).exists():
        raise NotPossibleError("guessed_already")
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise NotPossibleError("guessed_already") from None
    return made


def _locked_relation(relation: ServiceRelation) -> ServiceRelation:
    found = (
        ServiceRelation.objects.select_for_update(of=("self",))
        .select_related("provider_position", "customer_position")
        .get(pk=relation.pk)
    )
    if not found.is_open:
        raise NotPossibleError("relation_ended")
    return found


def _refuse_same(relation: ServiceRelation, dimension: Dimension | str, statement: str) -> None:
    """Go on when no need of the locked relation says this already."""
    said = NeedVersion.objects.filter(
        need__relation=relation,
        need__dimension=dimension,
        need__retired_on=None,
        version=F("need__version"),
    )
    for each in said.select_related("need"):
        if each.statement.split() == statement.split():
            raise DuplicateNeedError(each.need)


def _open(need: Need) -> Need:
    """Return the need, locked and fresh, with its relation."""
    found = (
        Need.objects.select_for_update(of=("self",))
        .select_related("relation__provider_position", "relation__customer_position")
        .get(pk=need.pk)
    )
    if not found.relation.is_open:
        raise NotPossibleError("relation_ended")
    if found.retired_on is not None:
        raise NotPossibleError("retired")
    return found


def _locked(need: Need, by: Person, version: int, now: datetime) -> Need:
    found = _open(need)
    require(policies.may_revise_need(policies.standing(by, now=now), found))
    if found.version != version:
        raise NeedChangedError(found)
    return found


def _say(need: Need, said: NeedVersion, change: str, by: Person, now: datetime) -> Need:
    need.version += 1
    need.save(update_fields=["version"])
    said.need, said.version, said.by, said.at = need, need.version, by, now
    said.save(force_insert=True)
    _tell(need, change, by, now)
    return need


def _tell(need: Need, change: str, by: Person, now: datetime) -> None:
    record(
        action=f"relations.need_{change}",
        subject=need,
        by=by,
        after={"dimension": need.dimension, "version": need.version},
        now=now,
    )
    event = NeedChanged(
        need_id=need.pk,
        relation_id=need.relation_id,
        change=change,
        version=need.version,
        by_id=by.pk,
        at=now,
    )
    announce(event, aggregate=f"relation:{need.relation_id}", now=now)


def _checked(content: NeedContent, on: date) -> NeedVersion:
    """Return the content as a row to be, after looking at each value.

    Raises:
        BadValueError, DayError: a value does not fit.
    """
    statement = content.statement.strip()
    if not statement:
        raise BadValueError("statement", _("Please say in your own words what you need."))
    if len(statement) > STATEMENT_LIMIT:
        raise BadValueError("statement", _too_long(STATEMENT_LIMIT))
    levels = _("Please choose one of the five levels.")
    in_range("importance", content.importance, 1, 5, levels)
    in_range("expected", content.expected, 1, 5, levels)
    review_on = content.review_on or half_year_after(on)
    if not on < review_on <= on + LATEST_REVIEW:
        raise DayError("review_past" if review_on <= on else "review_late")
    measure, amount, unit = _measurable(content)
    return NeedVersion(
        statement=statement,
        importance=content.importance,
        expected=content.expected,
        measure=measure,
        amount=amount,
        unit=unit,
        review_on=review_on,
    )


def _measurable(content: NeedContent) -> tuple[str, Decimal | None, str]:
    measure = content.measure.strip()
    given = (bool(measure), content.amount is not None, bool(content.unit))
    if not any(given):
        return "", None, ""
    if not all(given):
        missing = ("measure", "amount", "unit")[given.index(False)]
        raise BadValueError(missing, _("Say what is measured, how much and in what, or leave all."))
    if len(measure) > MEASURE_LIMIT:
        raise BadValueError("measure", _too_long(MEASURE_LIMIT))
    if content.unit not in MeasureUnit.values:
        raise BadValueError("unit", _("Please choose a unit from the list."))
    return measure, _amount(content.amount, content.unit), content.unit


def _amount(amount: Decimal | int | None, unit: str) -> Decimal:
    most = Decimal(100) if unit == MeasureUnit.PERCENT else AMOUNT_LIMIT
    given = Decimal(amount) if type(amount) is int else amount  # a whole number is a number, too
    if not isinstance(given, Decimal) or not given.is_finite() or not 0 <= given <= most:
        raise BadValueError(
            "amount", _("Please give a number from 0 to %(most)s.") % {"most": most}
        )
    return round(given, 2)


def _too_long(limit: int) -> str:
    return _("Please write at most %(limit)d characters.") % {"limit": limit}
