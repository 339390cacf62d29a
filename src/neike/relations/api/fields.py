"""What programs may send: every schema refuses fields it does not know, every text what a database cannot keep."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from neike.relations.choices import Dimension, MeasureUnit, RelationKind, RelationLevel, Side

_NO_NUL = r"^[^\x00]*$"
Reason = Annotated[str, Field(max_length=300, pattern=_NO_NUL)]
Statement = Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
Measure = Annotated[str, Field(max_length=200, pattern=_NO_NUL)]
Note = Annotated[str, Field(max_length=4000, pattern=_NO_NUL)]
Level = Annotated[int, Field(ge=1, le=5)]
Near = Annotated[int, Field(ge=1, le=3)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)]
ServiceKey = Annotated[
    str, Field(pattern=r"^[-a-zA-Z0-9_]{1,64}$", description="The service's key.")
]
Version = Annotated[
    int,
    Field(ge=0, le=2**31 - 1, description="The version you read; a stale one is refused with 409."),
]
End = Annotated[Side, Field(description="For which end you speak, when you speak for both.")]


class Sent(Schema):
    """A body; fields that are not listed are refused."""

    model_config = {"extra": "forbid"}


class NewRelation(Sent):
    """A relation to state for one's own end, or (`propose`) to propose to both; ends are public ids of the level."""

    level: RelationLevel = RelationLevel.DEPARTMENT
    provider: UUID
    customer: UUID
    kind: RelationKind
    closeness: Near = 2
    valid_from: date | None = None
    side: End | None = None
    propose: bool = False


class VersionSeen(Sent):
    """What every change carries."""

    version: Version


class Acting(VersionSeen):
    """A change for one's end."""

    side: End | None = None


class Contest(Acting):
    """A word against a relation, with the reason."""

    reason: Reason


class EndIt(Acting):
    """The end of a relation, with the reason; today unless a day is named."""

    reason: Reason
    on: date | None = None


class SetCloseness(VersionSeen):
    """How much the customer's work depends on the provider's."""

    closeness: Near


class NoteIn(Sent):
    """Your private note; an empty one removes it."""

    text: Note


class NeedIn(Sent):
    """What a need says."""

    statement: Statement
    importance: Level
    expected: Level
    measure: Measure = ""
    amount: Amount | None = None
    unit: MeasureUnit | None = None
    review_on: date | None = None


class NewNeed(NeedIn):
    """A need to state."""

    dimension: Dimension


class RevisedNeed(NeedIn):
    """A need said anew."""

    version: Version


class Guess(VersionSeen):
    """A guess of what the customer expects."""

    expected: Level
    importance: Level


class Review(Sent):
    """How well a need was met."""

    perceived: Level
    comment: Statement = ""


class Kano(Sent):
    """How one feels if the need is met, and if it is not: 1 like, 2 expect, 3 neutral, 4 can live with, 5 dislike."""

    functional: Level
    dysfunctional: Level


class NewAgreement(Sent):
    """A service whose present standard both sides are asked to sign."""

    service: ServiceKey


class OwedReason(VersionSeen):
    """A change that owes a reason."""

    reason: Reason


class ReviewAgreement(VersionSeen):
    """An agreement looked at; without a date it is looked at again in half a year."""

    review_on: date | None = None
