"""What the observed map says about relations between departments: the same to everybody, as on the map's pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from neike.insights.queries.observed import freshness, shown_edges, small_pairs
from neike.kernel.registries import RelationFact, RelationSeen
from neike.kernel.ui.formatting import number
from neike.org import queries as org_queries
from neike.relations.choices import AGREED_STATES, RelationLevel


def facts(
    person: Any,  # noqa: ANN401 - the kernel's signature; everybody may see the map
    seen: Sequence[RelationSeen],
    now: datetime,
) -> dict[int, list[RelationFact]]:
    """Return how much work was seen in two quarters beside each open relation between departments.

    Nothing while not everything is counted. Of an agreed relation with work by too few people only that there was
    some; of one nobody stands by not even that. At most seven queries, however many relations.
    """
    relations = [
        each.relation
        for each in seen
        if each.relation.level == RelationLevel.DEPARTMENT and each.relation.is_open
    ]
    if not relations or not freshness().is_complete:
        return {}
    quarter = org_queries.current_quarter(now)
    volumes = {row.pair: row.legs for row in shown_edges(quarter, 2).edges}
    small = small_pairs(quarter, 2)
    found: dict[int, list[RelationFact]] = {}
    for relation in relations:
        pair = (relation.provider_id, relation.customer_id)
        fact = _fact(volumes.get(pair), agreed=relation.state in AGREED_STATES, few=pair in small)
        if fact is not None:
            found[relation.pk] = [fact]
    return found


def _fact(volume: int | None, *, agreed: bool, few: bool) -> RelationFact | None:
    label, url = _("Work seen in two quarters"), reverse("insights:map_compare")
    if volume is not None:
        said = ngettext("%(number)s hand-over", "%(number)s hand-overs", volume)
        words = said % {"number": number(volume)}
        if not agreed:
            words = _("%(hand_overs)s, though nobody has agreed yet") % {"hand_overs": words}
        return RelationFact(label, words, url, "primary" if agreed else "warning")
    if not agreed:
        return None
    if few:
        return RelationFact(label, _("some, by too few people to say how much"), url)
    return RelationFact(label, _("none: so far it stands on paper only"), url, "warning")
