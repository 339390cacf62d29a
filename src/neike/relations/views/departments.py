"""Whom a department serves and who serves it, on a day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from neike.kernel.policies import policy
from neike.kernel.registries import LoopPage, NextAction, RelationFact, RelationSeen, StepShown
from neike.org import queries as org_queries
from neike.org.models import Department
from neike.org.queries import OrgChart
from neike.relations import policies, queries
from neike.relations.choices import RelationLevel, RelationState, Side
from neike.relations.display.ends import OTHER, EndShown, end_shown
from neike.relations.display.rows import facts_of
from neike.relations.display.states import Dots, Word, closeness_shown, state_word
from neike.relations.models import ServiceRelation
from neike.relations.views.reading import Reader, reader_of


@dataclass(frozen=True, slots=True)
class Line:
    """One relation of a department on a day."""

    relation: ServiceRelation
    other: EndShown
    kind: str
    state: Word
    closeness: Dots
    is_confirmed: bool
    facts: tuple[RelationFact, ...] = ()


@require_safe
@policy("relations.use")
def department(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show whom a department serves and who serves it, today or on the day `on`."""
    reader = reader_of(request)
    shown = get_object_or_404(Department, public_id=public_id)
    on = min(_day(request.GET.get("on", "")) or reader.on, reader.on)
    chart = org_queries.chart(on=on)
    then = chart.get(shown.pk) or reader.chart.get(shown.pk)
    serves = lines(reader, shown.pk, Side.PROVIDER, on, chart)
    served_by = lines(reader, shown.pk, Side.CUSTOMER, on, chart)
    if on == reader.on:
        serves, served_by = _with_facts(reader, serves, served_by)
    context: dict[str, Any] = {
        "department": shown,
        "name": str(then.name) if then else shown.code,
        "existed": shown.pk in chart,
        "on": on,
        "today": reader.on,
        "serves": serves,
        "served_by": served_by,
        "may_state": shown.pk in reader.who.leads,
        "trail": _trail(reader.chart, shown),
    }
    return render(request, "relations/department.html", context)


def _with_facts(
    reader: Reader, serves: list[Line], served_by: list[Line]
) -> tuple[list[Line], list[Line]]:
    """Add what upper modules say to everybody about the relations as they are today."""
    seen = [
        *(RelationSeen(line.relation, Side.PROVIDER) for line in serves),
        *(RelationSeen(line.relation, Side.CUSTOMER) for line in served_by),
    ]
    found = facts_of(reader.person, seen, now=reader.now, only_public=True)

    def told(given: list[Line]) -> list[Line]:
        return [replace(line, facts=tuple(found.get(line.relation.pk, ()))) for line in given]

    return told(serves), told(served_by)


def lines(reader: Reader, department_id: int, side: Side, on: date, chart: OrgChart) -> list[Line]:
    """Return the relations in which the department stood at `side` on a day, the closest first; one query."""
    rows = (
        queries.as_of(on)  # type: ignore[misc]  # it annotates `closeness_then`
        .filter(policies.readable_by(reader.who))
        .filter(level=RelationLevel.DEPARTMENT, **{f"{side}_department": department_id})
        .select_related("provider_department", "customer_department")
        .order_by("-closeness_then", "pk")
    )
    return [_line(each, side, chart) for each in rows]


def _line(relation: ServiceRelation, side: Side, chart: OrgChart) -> Line:
    state = getattr(relation, "state_then", relation.state)
    return Line(
        relation=relation,
        other=end_shown(relation, OTHER[side], chart),
        kind=relation.get_kind_display(),
        state=state_word(state),
        closeness=closeness_shown(getattr(relation, "closeness_then", relation.closeness)),
        is_confirmed=state == RelationState.CONFIRMED,
    )


def whom_it_agreed_with(page: LoopPage) -> StepShown:
    """Show, as a step of the loop, with whom a department agreed that it serves them, at the end of the period."""
    reader = Reader(page.person, page.now)
    on = page.organisation.on
    serves = lines(reader, page.department.id, Side.PROVIDER, on, page.organisation)
    served_by = lines(reader, page.department.id, Side.CUSTOMER, on, page.organisation)
    agreed = sum(each.is_confirmed for each in serves)
    url = reverse("relations:department", args=[page.department.public_id])
    headline = ngettext(
        "%(agreed)d of %(count)d customer agrees",
        "%(agreed)d of %(count)d customers agree",
        len(serves),
    ) % {"agreed": agreed, "count": len(serves)}
    return StepShown(
        headline=headline if serves else _("nobody named yet"),
        context={"serves": serves, "served_by": served_by},
        running=agreed > 0,
        concern=bool(serves) and agreed < len(serves),
        action=NextAction(_("See its relations"), f"{url}?on={on.isoformat()}"),
    )


def _trail(chart: OrgChart, shown: Department) -> list[tuple[str, str]]:
    return [
        (_("My internal customers"), reverse("relations:mine")),
        (_("Relations of %(name)s") % {"name": chart.name(shown.pk) or shown.code}, ""),
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
