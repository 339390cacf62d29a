"""What ratings say about relations: the last one, to those who may read it by name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from neike.desk import policies as desk_policies
from neike.desk import queries as desk_queries
from neike.kernel.registries import RelationFact, RelationSeen
from neike.kernel.ui.formatting import moment
from neike.relations.choices import RelationLevel, Side
from neike.surveys.choices import SATISFIED, Score
from neike.surveys.models import Rating
from neike.surveys.queries.between import last_between_departments, last_between_people


def facts(
    person: Any,  # noqa: ANN401 - the kernel's signature
    seen: Sequence[RelationSeen],
    now: datetime,
) -> dict[int, list[RelationFact]]:
    """Return the customer's last rating of the provider by relation; nothing between positions.

    At most one query for departments, one for persons, one for the requests the reader may open.
    """
    who = desk_policies.standing(person, now=now)
    departments = last_between_departments(who, _pairs(seen, RelationLevel.DEPARTMENT))
    people = last_between_people(who, _pairs(seen, RelationLevel.PERSON))
    found: dict[int, tuple[str, Rating]] = {}
    for each in seen:
        of_people = each.relation.level == RelationLevel.PERSON
        rating = (people if of_people else departments).get(_pair(each))
        if rating is not None and each.relation.level != RelationLevel.POSITION:
            found[each.relation.pk] = each.side, rating
    readable = _readable(who, {rating.ticket_id for _side, rating in found.values()})
    return {
        pk: [_fact(side, rating, now, is_open=rating.ticket_id in readable)]
        for pk, (side, rating) in found.items()
    }


def _pair(seen: RelationSeen) -> tuple[int, int]:
    return seen.relation.provider_id, seen.relation.customer_id


def _pairs(seen: Sequence[RelationSeen], level: str) -> list[tuple[int, int]]:
    return [_pair(each) for each in seen if each.relation.level == level]


def _readable(who: desk_policies.Standing, tickets: set[int]) -> set[int]:
    if not tickets:
        return set()
    rows = desk_queries.tickets_visible_to(who).filter(pk__in=tickets)
    return set(rows.values_list("pk", flat=True))


def _fact(side: str, rating: Rating, now: datetime, *, is_open: bool) -> RelationFact:
    step = Score(rating.score)
    words = _("%(score)s · %(word)s, %(day)s") % {
        "score": step.value,
        "word": step.label,
        "day": moment(rating.rated_at, zone=timezone.get_current_timezone(), now=now),
    }
    label = _("Their last rating") if side == Side.PROVIDER else _("Our last rating")
    tone = "success" if rating.score >= SATISFIED else "warning"
    return RelationFact(label, words, rating.ticket.path if is_open else "", tone)
