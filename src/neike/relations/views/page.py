"""What the page of one relation shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from neike.kernel.registries import RelationSeen
from neike.relations import policies, queries
from neike.relations.choices import Closeness, RelationState, Side
from neike.relations.display.ends import EndShown, end_shown, full_name, sentence
from neike.relations.display.history import history_shown
from neike.relations.display.rows import facts_of
from neike.relations.display.states import (
    Word,
    closeness_shown,
    kind_label,
    said_on,
    side_word,
    state_word,
)
from neike.relations.forms.relations import NoteForm
from neike.relations.models import ServiceRelation
from neike.relations.views.reading import Reader
from neike.relations.views.sections import sections
from neike.relations.wording import END_REASONS, NO_REASONS


@dataclass(frozen=True, slots=True)
class SideCard:
    """One end on the page: who it is, what it has said, and what the reader may say for it."""

    side: str
    label: str
    end: EndShown
    said: Word
    on: date | None
    by: str
    is_mine: bool
    may_confirm: bool
    may_contest: bool


def page_context(request: HttpRequest, reader: Reader, relation: ServiceRelation) -> dict[str, Any]:
    """Return what the templates of the page take; every answer about the relation draws from it."""
    who = reader.who
    sides = who.sides_acted_for(relation)
    is_inside = bool(policies.may_read_inside(who, relation))
    own = next(iter(who.sides_belonged_to(relation)), None)
    seen = [RelationSeen(relation, own or Side.PROVIDER)]
    facts = facts_of(reader.person, seen, now=reader.now, only_public=own is None)
    note = queries.note_of(relation, person=reader.person)
    return {
        "relation": relation,
        "reader": reader.person,
        "who": who,
        "sides": sides,
        "now": reader.now,
        "today": reader.on,
        "is_inside": is_inside,
        "sentence": sentence(relation, reader.chart),
        "kind": kind_label(relation.kind, relation.level),
        "state": state_word(relation.state),
        "state_words": _state_words(relation, reader),
        "closeness": closeness_shown(relation.closeness),
        "closenesses": Closeness.choices,
        "cards": [_card(relation, side, reader) for side in (Side.PROVIDER, Side.CUSTOMER)],
        "acting_side": sides[0] if sides else "",
        "is_open": relation.is_open,
        "is_proposal": relation.state == RelationState.PROPOSED,
        "facts": facts.get(relation.pk, []),
        "note_form": NoteForm(initial={"text": note.text if note else ""}, auto_id="note-%s"),
        "note": note,
        "history": history_shown(
            relation,
            queries.history_of(relation),
            reader.chart,
            with_reasons=is_inside,
        ),
        "quick_reasons": NO_REASONS,
        "end_reasons": END_REASONS,
        "sections": sections(request, relation, who) if is_inside else [],
        "trail": [(_("My internal customers"), reverse("relations:mine")), (_("Relation"), "")],
    }


def _card(relation: ServiceRelation, side: Side, reader: Reader) -> SideCard:
    is_mine = reader.who.acts_for(relation, side)
    is_open = relation.is_open
    confirmed_by = getattr(relation, f"{side}_confirmed_by")
    return SideCard(
        side=side.value,
        label=_("Provider") if side == Side.PROVIDER else _("Internal customer"),
        end=end_shown(relation, side, reader.chart),
        said=side_word(relation, side),
        on=said_on(relation, side),
        by=confirmed_by.name if confirmed_by and _may_name(relation, reader) else "",
        is_mine=is_mine,
        may_confirm=is_mine and is_open and not relation.confirmed_by_side(side),
        may_contest=is_mine and is_open and not relation.contested_by_side(side),
    )


def _may_name(relation: ServiceRelation, reader: Reader) -> bool:
    return bool(policies.may_read_inside(reader.who, relation))


def _state_words(relation: ServiceRelation, reader: Reader) -> str:
    """Say in one sentence how far the two agree."""
    if relation.state == RelationState.ENDED:
        return _("It held until %(day)s.") % {"day": _day(relation.valid_to)}
    if relation.valid_to is not None:
        return _("It will end on %(day)s.") % {"day": _day(relation.valid_to)}
    if relation.state == RelationState.CONFIRMED:
        return _("Both sides agree, since %(day)s.") % {"day": _day(relation.valid_from)}
    if relation.state == RelationState.PROPOSED:
        return _("Nobody has answered yet. It counts as soon as one side says that it holds.")
    if relation.state == RelationState.CONTESTED:
        return _("The two sides do not agree. Talk to each other, then say how it is.")
    asked = Side.CUSTOMER if relation.confirmed_by_side(Side.PROVIDER) else Side.PROVIDER
    name = full_name(relation, asked, reader.chart)
    return _("One side has said so; %(name)s has yet to answer.") % {"name": name}


def _day(day: date | None) -> str:
    return formats.date_format(day) if day else ""
