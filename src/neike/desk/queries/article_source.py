"""What a solved request says that an article could say: its question and the public answer, without people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from neike.catalog import queries as catalog_queries
from neike.catalog.form_schema import FieldType
from neike.desk import policies
from neike.desk.choices import Visibility
from neike.desk.models import Message, Ticket
from neike.desk.policies import Standing
from neike.engines.masking import Masked, mask
from neike.engines.mentions import without
from neike.kernel.policies import require
from neike.org.models import Person

_ANSWERS: Final = 3
_TOLD: Final = (FieldType.TEXT, FieldType.LONG_TEXT)


@dataclass(frozen=True, slots=True)
class Material:
    """What an article of a request begins with. `removed` and `flagged` as in `engines.masking.Masked`."""

    title: str
    question: str
    answer: str
    removed: tuple[str, ...]
    flagged: tuple[str, ...]


def material_of(who: Standing, ticket: Ticket, *, stand_in: str) -> Material:
    """Return what can be taken over from a solved request; internal notes never.

    The question are the text answers of the form, or the requester's first message; the answer are the last public
    messages of those who served. `stand_in` takes the place of names.

    Raises:
        PermissionDenied: the person did not serve it, it is confidential, or it is not solved.
    """
    require(policies.may_draft_from(who, ticket))
    public = ticket.messages.filter(visibility=Visibility.PUBLIC, automatic=False)
    messages = list(public.select_related("author").order_by("created_at", "pk"))
    asking = {ticket.requester_id, ticket.raised_by_id}
    asked = [without(each.body) for each in messages if each.author_id in asking]
    served = [without(each.body) for each in messages if each.author_id not in asking]
    involved = _involved(ticket, messages)
    others = list(Person.objects.exclude(name__in=involved).values_list("name", flat=True))

    def clean(text: str) -> Masked:
        return mask(text, involved=involved, others=others, stand_in=stand_in)

    wanted = "\n\n".join(_told(ticket)) or next(iter(asked), "")
    parts = [clean(each) for each in (ticket.title, wanted, "\n\n".join(served[-_ANSWERS:]))]
    title, question, answer = (part.text for part in parts)
    return Material(
        title,
        question,
        answer,
        removed=_each_once(kind for part in parts for kind in part.removed),
        flagged=_each_once(name for part in parts for name in part.flagged),
    )


def _told(ticket: Ticket) -> list[str]:
    rows = catalog_queries.answer_rows(ticket.form, ticket.answers)
    return [each.value for each in rows if each.type in _TOLD and each.value]


def _involved(ticket: Ticket, messages: Iterable[Message]) -> set[str]:
    """Return the names of everybody on a request, as written and in Latin letters, whole and in part."""
    people = {ticket.requester, ticket.raised_by, *(each.author for each in messages)}
    people |= {leg.assignee for leg in ticket.legs.select_related("assignee") if leg.assignee}
    people |= {each.person for each in ticket.participants.select_related("person")}
    names: set[str] = set()
    for person in people:
        names |= {person.name, person.name_latin, person.employee_no, *person.name.split()}
        # People are called by their given name, too: 林晓雨 is 晓雨.
        if len(person.name) > 2 and not person.name.isascii() and " " not in person.name:  # noqa: PLR2004 - surname and two characters
            names.add(person.name[1:])
    return {name for name in names if name}


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
