"""What relations tell the modules above them: past tense, versioned, ids only."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationChanged:
    """Something happened to a relation; `change` is a `ChangeKind`, `side` a `Side`; aggregate "relation:<id>"."""

    name: ClassVar[str] = "relations.relation_changed.v1"
    relation_id: int
    seq: int
    change: str
    side: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationsProposed:
    """The organisation chart gave rise to proposals; their ids."""

    name: ClassVar[str] = "relations.relations_proposed.v1"
    relation_ids: list[int]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedChanged:
    """A need was stated, revised or retired (`change`); aggregate "relation:<id>"."""

    name: ClassVar[str] = "relations.need_changed.v1"
    need_id: int
    relation_id: int
    change: str
    version: int
    by_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementChanged:
    """An agreement was proposed, signed, declined, reviewed or ended (`change`); aggregate "relation:<id>"."""

    name: ClassVar[str] = "relations.agreement_changed.v1"
    agreement_id: int
    relation_id: int
    change: str
    side: str
    by_id: int | None
    at: datetime
    version: int
