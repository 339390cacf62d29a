"""How an operation finds what it is about, and how it tells that something was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Status

from neike.kernel.limits import Rate, take
from neike.org.models import Person
from neike.relations import actions, policies, queries
from neike.relations.api.shown import (
    AgreementOut,
    NeedOut,
    RelationConflict,
    RelationOut,
    RelationRefusal,
    agreement_shown,
    need_shown,
    relation_shown,
)
from neike.relations.models import Agreement, Need, ServiceRelation
from neike.relations.policies import Standing

RELATION: Final = {
    200: RelationOut,
    409: RelationConflict,
    422: RelationRefusal,
    429: RelationRefusal,
}
NEED: Final = {200: NeedOut, 409: RelationConflict, 422: RelationRefusal, 429: RelationRefusal}
AGREEMENT: Final = {
    200: AgreementOut,
    409: RelationConflict,
    422: RelationRefusal,
    429: RelationRefusal,
}
_OFTEN: Final = Rate.parse("60/m")


@dataclass
class Caller:
    """Who calls, and when."""

    person: Person
    now: datetime

    @cached_property
    def who(self) -> Standing:
        """What the person is in the organisation."""
        return policies.standing(self.person, now=self.now)

    def relation(self, public_id: UUID) -> ServiceRelation:
        """Return a relation.

        Raises:
            Http404: there is none, or not for this person.
        """
        return get_object_or_404(queries.relations_visible_to(self.who), public_id=public_id)

    def need(self, public_id: UUID) -> Need:
        """Return a need.

        Raises:
            Http404: there is none, or not for this person.
        """
        return get_object_or_404(queries.needs_visible_to(self.who), public_id=public_id)

    def agreement(self, public_id: UUID) -> Agreement:
        """Return an agreement.

        Raises:
            Http404: there is none, or not for this person.
        """
        return get_object_or_404(queries.agreements_visible_to(self.who), public_id=public_id)


def caller(request: HttpRequest) -> Caller:
    """Return who calls; the door has checked that somebody is signed in."""
    if not isinstance(request.user, Person):
        raise TypeError("an anonymous caller passed a guarded door")
    return Caller(request.user, timezone.now())


def relation_changed(who: Caller, run: Callable[[], ServiceRelation]) -> Status[Any]:
    """Let an action happen; answer the relation as it is then, or why it did not."""
    return _changed(who, run, lambda made: relation_shown(who.relation(made.public_id), who.who))


def need_changed(who: Caller, run: Callable[[], Need]) -> Status[Any]:
    """Let an action happen; answer the need as it is then, or why it did not."""
    return _changed(
        who,
        run,
        lambda made: need_shown(queries.need_shown(who.need(made.public_id), who=who.who)),
    )


def agreement_changed(who: Caller, run: Callable[[], Agreement]) -> Status[Any]:
    """Let an action happen; answer the agreement as it is then, or why it did not."""
    return _changed(who, run, lambda made: agreement_shown(who.agreement(made.public_id)))


def _changed(who: Caller, run: Callable[[], Any], show: Callable[[Any], Any]) -> Status[Any]:
    if not take(scope="relations.change", who=f"person:{who.person.pk}", rate=_OFTEN, now=who.now):
        return Status(429, RelationRefusal(code="too_often", detail="Too many requests."))
    try:
        made = run()
    except actions.RelationChangedError as error:
        return Status(409, RelationConflict(detail=str(error), version=error.relation.version))
    except actions.NeedChangedError as error:
        return Status(409, RelationConflict(detail=str(error), version=error.need.version))
    except actions.AgreementChangedError as error:
        return Status(409, RelationConflict(detail=str(error), version=error.agreement.version))
    except actions.RelationError as error:
        return Status(422, refusal(error))
    return Status(200, show(made))


def refusal(error: actions.RelationError) -> RelationRefusal:
    """Return what a rule refused: its name without "Error" in snake case, and the sentence for people."""
    name = type(error).__name__.removesuffix("Error")
    code = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    relation = getattr(error, "relation", None)
    agreement = getattr(error, "agreement", None)
    need = getattr(error, "need", None)
    return RelationRefusal(
        code=code,
        detail=str(error),
        field=getattr(error, "field", None),
        relation=relation.public_id if relation else None,
        agreement=agreement.public_id if agreement else None,
        need=need.public_id if need else None,
    )
