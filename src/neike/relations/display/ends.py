"""What stands at an end of a relation, in words and without queries."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from neike.org.queries import OrgChart
from neike.relations.choices import RelationLevel, Side
from neike.relations.models import ServiceRelation

OTHER = {Side.PROVIDER: Side.CUSTOMER, Side.CUSTOMER: Side.PROVIDER}


@dataclass(frozen=True, slots=True)
class EndShown:
    """An end: its name, what more there is to say (a position's department), its page, its icon."""

    name: str
    note: str
    url: str
    icon: str
    is_person: bool


def end_shown(relation: ServiceRelation, side: str, chart: OrgChart) -> EndShown:
    """Return what a page shows of an end; the relation is read with its ends."""
    found = getattr(relation, f"{side}_{relation.level}")
    if relation.level == RelationLevel.PERSON:
        url = reverse("org:person", args=[found.public_id])
        return EndShown(found.name, "", url, "person", is_person=True)
    if relation.level == RelationLevel.POSITION:
        department = chart.get(found.department_id)
        name = str(department.name) if department else ""
        url = reverse("org:department", args=[department.public_id]) if department else ""
        return EndShown(str(found.title), name, url, "id", is_person=False)
    name = chart.name(found.pk) or found.code
    url = reverse("relations:department", args=[found.public_id])
    return EndShown(name, "", url, "department", is_person=False)


def sentence(relation: ServiceRelation, chart: OrgChart) -> str:
    """Say in one sentence who serves whom."""
    return _("%(provider)s serves %(customer)s") % {
        "provider": full_name(relation, Side.PROVIDER, chart),
        "customer": full_name(relation, Side.CUSTOMER, chart),
    }


def full_name(relation: ServiceRelation, side: str, chart: OrgChart) -> str:
    """Return an end's name; a position with its department."""
    end = end_shown(relation, side, chart)
    if not end.note:
        return end.name
    return _("%(position)s (%(department)s)") % {"position": end.name, "department": end.note}
