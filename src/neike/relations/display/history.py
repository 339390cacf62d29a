"""What happened to a relation, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.org.queries import OrgChart
from neike.relations.choices import ChangeKind, Closeness, EndCause, Side
from neike.relations.display.ends import full_name
from neike.relations.models import RelationChange, ServiceRelation
from neike.relations.wording import reason_said

_BY_SIDE: Final[dict[str, Promise]] = {
    ChangeKind.PROPOSED: gettext_lazy("%(end)s proposed the relation"),
    ChangeKind.DECLARED: gettext_lazy("%(end)s stated the relation"),
    ChangeKind.CONFIRMED: gettext_lazy("%(end)s confirmed"),
    ChangeKind.CONTESTED: gettext_lazy("%(end)s disagreed"),
    ChangeKind.ENDED: gettext_lazy("%(end)s ended the relation on %(day)s"),
    ChangeKind.CLOSENESS_CHANGED: gettext_lazy("%(end)s said how close it is: %(word)s"),
    ChangeKind.CORRECTED: gettext_lazy("%(end)s corrected the start to %(day)s"),
}
_BY_ITSELF: Final[dict[str, Promise]] = {
    ChangeKind.PROPOSED: gettext_lazy("The relation was proposed to both sides"),
    ChangeKind.ENDED: gettext_lazy("The relation ended on %(day)s"),
}
_LOOKS: Final = {
    ChangeKind.PROPOSED: ("bulb", "info"),
    ChangeKind.DECLARED: ("flag", "primary"),
    ChangeKind.CONFIRMED: ("check", "success"),
    ChangeKind.CONTESTED: ("warning", "warning"),
    ChangeKind.ENDED: ("blocked", "neutral"),
    ChangeKind.CLOSENESS_CHANGED: ("equal", "neutral"),
    ChangeKind.CORRECTED: ("edit", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the history; `reason` is "" for those who may not read it."""

    text: str
    who: str
    at: datetime
    reason: str
    icon: str
    tone: str


def history_shown(
    relation: ServiceRelation,
    changes: Iterable[RelationChange],
    chart: OrgChart,
    *,
    with_reasons: bool,
) -> list[Moment]:
    """Return changes in words, in the order given; people's names and reasons only `with_reasons`."""
    ends = {side: full_name(relation, side, chart) for side in (Side.PROVIDER, Side.CUSTOMER)}
    return [
        Moment(
            text=change_words(each, ends.get(Side(each.side), "")),
            who=each.by.name if with_reasons and each.by else "",
            at=each.at,
            reason=_why(each) if with_reasons else "",
            icon=_LOOKS[ChangeKind(each.kind)][0],
            tone=_LOOKS[ChangeKind(each.kind)][1],
        )
        for each in changes
    ]


def change_words(change: RelationChange, end: str) -> str:
    """Say one change in a sentence without its full stop."""
    words = _BY_ITSELF.get(change.kind) if change.side == Side.NONE or not end else None
    template = words or _BY_SIDE[change.kind]
    day = change.on
    if change.kind == ChangeKind.CORRECTED and "valid_from" in change.data:
        day = date.fromisoformat(change.data["valid_from"])
    closeness = change.data.get("closeness")
    return str(template) % {
        "end": end or (change.by.name if change.by else _("Somebody")),
        "day": formats.date_format(day),
        "word": Closeness(closeness).label if closeness else "",
    }


def _why(change: RelationChange) -> str:
    if change.reason:
        return reason_said(change.reason)
    cause = change.data.get("cause", "")
    return str(EndCause(cause).label) if cause in EndCause.values else ""
