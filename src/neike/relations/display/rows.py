"""A relation as a row of a list: the other end, how far both agree, what is known, what one is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from neike.kernel.registries import RELATION_FIGURES, RelationFact, RelationSeen
from neike.org.models import Person
from neike.org.queries import OrgChart
from neike.relations import queries
from neike.relations.choices import RelationState, Side
from neike.relations.display.ends import OTHER, EndShown, end_shown, sentence
from neike.relations.display.states import (
    Dots,
    Word,
    closeness_shown,
    has_answered,
    side_word,
    state_word,
    what_kind,
)
from neike.relations.models import RelationNote, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries.mine import Known, known_of


@dataclass(frozen=True, slots=True)
class Row:
    """One relation, seen from `side`. `asks` is whether the reader should say now if it holds."""

    relation: ServiceRelation
    side: str
    other: EndShown
    own: EndShown
    sentence: str
    kind: str
    state: Word
    theirs: Word
    closeness: Dots
    asks: bool
    needs: tuple[str, ...]
    review_on: date | None
    is_review_due: bool
    facts: tuple[RelationFact, ...]
    note: str

    @property
    def is_proposal(self) -> bool:
        """Whether nobody has said anything yet."""
        return self.relation.state == RelationState.PROPOSED

    @property
    def is_serving(self) -> bool:
        """Whether the reader's side serves the other."""
        return self.side == Side.PROVIDER


def rows_of(
    who: Standing, seen: Sequence[RelationSeen], *, chart: OrgChart, now: datetime
) -> list[Row]:
    """Return the rows of relations of whose ends the person is one; the same number of queries at any length."""
    relations = [each.relation for each in seen]
    known = known_of(relations)
    notes = queries.notes_of(relations, person=who.person)
    facts = facts_of(who.person, seen, now=now)
    return [
        _row(
            who,
            each,
            chart,
            known.get(each.relation.pk, Known()),
            facts.get(each.relation.pk, []),
            notes,
        )
        for each in seen
    ]


def facts_of(
    person: Person, seen: Sequence[RelationSeen], *, now: datetime, only_public: bool = False
) -> dict[int, list[RelationFact]]:
    """Return what upper modules say about relations, by relation id; `only_public` for readers of neither end."""
    found: dict[int, list[RelationFact]] = {}
    for figure in RELATION_FIGURES:
        if only_public and not figure.is_public:
            continue
        for pk, facts in figure.facts(person, seen, now).items():
            found.setdefault(pk, []).extend(facts)
    return found


def _row(
    who: Standing,
    seen: RelationSeen,
    chart: OrgChart,
    known: Known,
    facts: Iterable[RelationFact],
    notes: dict[int, RelationNote],
) -> Row:
    relation, side = seen.relation, seen.side
    note = notes.get(relation.pk)
    other = OTHER[Side(side)]
    return Row(
        relation=relation,
        side=side,
        other=end_shown(relation, other, chart),
        own=end_shown(relation, side, chart),
        sentence=sentence(relation, chart),
        kind=what_kind(relation, side),
        state=state_word(relation.state),
        theirs=side_word(relation, other),
        closeness=closeness_shown(relation.closeness),
        asks=relation.is_open and not has_answered(relation, side) and who.acts_for(relation, side),
        needs=tuple(known.needs),
        review_on=known.review_on,
        is_review_due=known.review_on is not None and known.review_on <= who.on,
        facts=tuple(facts),
        note=note.text if note else "",
    )
