"""Telling people of a relation: those who speak for the side that did not act, and nobody else."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise

from neike.kernel import notices
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Person, Placement
from neike.relations.choices import RelationLevel
from neike.relations.models import ServiceRelation
from neike.relations.standing import holds_on


def speakers(relation: ServiceRelation, side: str, *, now: datetime) -> list[Person]:
    """Return who is told for a side: the nearest leads of the department, the holders of the position, the person."""
    on = org_queries.organisation_day(now)
    if relation.level == RelationLevel.PERSON:
        return [getattr(relation, f"{side}_person")]
    if relation.level == RelationLevel.POSITION:
        post = getattr(relation, f"{side}_position")
        held = Placement.objects.filter(holds_on(on), position=post).select_related("person")
        found = [each.person for each in held]
        return found or _leads(post.department_id, now)
    return _leads(relation.end_id(side), now)


def _leads(department_id: int, now: datetime) -> list[Person]:
    chart = org_queries.chart(on=org_queries.organisation_day(now))
    for each in (department_id, *chart.ancestors(department_id)):
        leaders = [leader.person_id for leader in chart.leaders(each)]
        if leaders:
            return list(Person.objects.filter(pk__in=leaders).order_by("pk"))
    return []


def end_name(relation: ServiceRelation, side: str, *, now: datetime) -> LocalizedText | str:
    """Return what an end is called, in every language there is."""
    if relation.level == RelationLevel.PERSON:
        return str(getattr(relation, f"{side}_person"))
    if relation.level == RelationLevel.POSITION:
        title: LocalizedText = getattr(relation, f"{side}_position").title
        return title
    found = org_queries.chart(on=org_queries.organisation_day(now)).get(relation.end_id(side))
    return found.name if found else ""


def tell(
    people: Iterable[Person],
    *,
    kind: str,
    url: str,
    title: Promise,
    params: dict[str, object],
    key: str,
    now: datetime,
    but: int | None = None,
) -> None:
    """Leave each of the people but one a notice, once per key."""
    for person in {one.pk: one for one in people if one.pk != but}.values():
        notices.notify(
            person=person, kind=kind, url=url, title=title, params=params, now=now, key=key
        )
