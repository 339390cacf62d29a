"""Relations and their history, needs and what people say about them, agreements, private notes."""

from neike.relations.models.agreements import Agreement
from neike.relations.models.needs import KanoAnswer, Need, NeedGuess, NeedReview, NeedVersion
from neike.relations.models.notes import RelationNote
from neike.relations.models.relations import RelationChange, ServiceRelation

__all__ = [
    "Agreement",
    "KanoAnswer",
    "Need",
    "NeedGuess",
    "NeedReview",
    "NeedVersion",
    "RelationChange",
    "RelationNote",
    "ServiceRelation",
]
