"""What every action on a relation does first and last: lock, see who asks, refuse what is stale; write, announce."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from neike.kernel.audit import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.relations import policies
from neike.relations.actions.errors import (
    BadValueError,
    NotPossibleError,
    ReasonNeededError,
    RelationChangedError,
    SideNeededError,
)
from neike.relations.choices import ChangeKind, RelationState, Side
from neike.relations.events import RelationChanged
from neike.relations.models import RelationChange, ServiceRelation
from neike.relations.policies import Standing

REASON_LIMIT: Final = 300


def state_of(relation: ServiceRelation) -> RelationState:
    """Return the state that follows from what each side has said, and from the end, if it has come."""
    sides = (Side.PROVIDER, Side.CUSTOMER)
    if any(relation.contested_by_side(side) for side in sides):
        return RelationState.CONTESTED
    confirmed = [relation.confirmed_by_side(side) for side in sides]
    if all(confirmed):
        return RelationState.CONFIRMED
    return RelationState.DECLARED if any(confirmed) else RelationState.PROPOSED


class Work:
    """One change of one locked relation. `by` is None where the product itself acts."""

    def __init__(self, relation: ServiceRelation, *, by: Person | None, now: datetime) -> None:
        self.relation, self.by, self.now = relation, by, now
        self.on: date = org_queries.organisation_day(now)
        self._before = shown(relation)

    @classmethod
    def locked(
        cls, relation: ServiceRelation, *, by: Person | None, version: int | None, now: datetime
    ) -> "Work":
        """Lock the relation and refuse what is stale; None as `version` is the product's own, always fresh.

        Raises:
            RelationChangedError: somebody was faster.
            NotPossibleError: it has ended.
        """
        found = (
            ServiceRelation.objects.select_for_update(of=("self",))
            .select_related("provider_position", "customer_position")
            .get(pk=relation.pk)
        )
        work = cls(found, by=by, now=now)
        if by is not None:
            require(policies.may_act(work.who, found))
        if version is not None and found.version != version:
            raise RelationChangedError(found)
        if not found.is_open:
            raise NotPossibleError("ended")
        return work

    @property
    def who(self) -> Standing:
        """What the acting person is, read anew under the lock."""
        if self.by is None:
            raise TypeError("the product itself has no standing")
        return policies.standing(self.by, now=self.now)

    def side(self, asked: str | None, *, preferred: Side | None = None) -> Side:
        """Return for which end the person acts: the one asked for, else the only one they speak for.

        Raises:
            PermissionDenied: they do not speak for it.
            SideNeededError: they speak for both, and none was named or preferred.
        """
        who = self.who
        if asked is not None:
            require(policies.may_act_for(who, self.relation, asked))
            return Side(asked)
        require(policies.may_act(who, self.relation))
        sides = who.sides_acted_for(self.relation)
        if len(sides) == 1:
            return sides[0]
        if preferred is None:
            raise SideNeededError
        return preferred

    def finish(
        self,
        kind: ChangeKind,
        *,
        side: str = Side.NONE,
        on: date | None = None,
        reason: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> ServiceRelation:
        """Save the relation with its new state, write the change, the record and the event."""
        relation = self.relation
        if relation.is_open:
            relation.state = state_of(relation)
        relation.version += 1
        relation.save()
        RelationChange.objects.create(
            relation=relation,
            seq=relation.version,
            kind=kind,
            side=side,
            by=self.by,
            at=self.now,
            on=on or self.on,
            state=relation.state,
            reason=reason,
            data=dict(data or {}),
        )
        record(
            action=f"relations.relation_{kind.value}",
            subject=relation,
            by=self.by,
            before=self._before,
            after=shown(relation),
            now=self.now,
        )
        announce(
            RelationChanged(
                relation_id=relation.pk,
                seq=relation.version,
                change=kind.value,
                side=str(side),
                by_id=self.by.pk if self.by else None,
                at=self.now,
            ),
            aggregate=f"relation:{relation.pk}",
            now=self.now,
        )
        return relation


def shown(relation: ServiceRelation) -> dict[str, Any]:
    """Return the fields the record compares; neither the ends nor the reason, which is for the two ends alone."""
    if relation.version == 0:
        return {}
    return {
        "state": relation.state,
        "closeness": relation.closeness,
        "valid_from": relation.valid_from.isoformat(),
        "valid_to": relation.valid_to.isoformat() if relation.valid_to else None,
    }


def needed_reason(text: str) -> str:
    """Return a reason without blanks around it.

    Raises:
        ReasonNeededError: it is empty or too long.
    """
    said = " ".join(text.split())
    if not said or len(said) > REASON_LIMIT:
        raise ReasonNeededError(REASON_LIMIT)
    return said


def in_range(field: str, value: object, low: int, high: int, message: str) -> int:
    """Return a number between `low` and `high`, both included.

    Raises:
        BadValueError: it is not; `message` says so to the person.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadValueError(field, message)
    return value
