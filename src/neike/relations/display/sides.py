"""What the two ends of a relation are called."""

from dataclasses import dataclass

from neike.org.queries import OrgChart
from neike.relations.choices import RelationLevel, Side
from neike.relations.models import ServiceRelation


@dataclass(frozen=True, slots=True)
class Names:
    """The provider and the customer in the reader's language."""

    provider: str
    customer: str

    def of(self, side: str) -> str:
        """Return the name of a side."""
        return self.provider if side == Side.PROVIDER else self.customer


def names_of(relation: ServiceRelation, chart: OrgChart) -> Names:
    """Return the names of both ends; positions and persons must have been read along with the relation."""
    return Names(_name(relation, Side.PROVIDER, chart), _name(relation, Side.CUSTOMER, chart))


def _name(relation: ServiceRelation, side: Side, chart: OrgChart) -> str:
    if relation.level == RelationLevel.DEPARTMENT:
        return chart.name(relation.end_id(side))
    end = getattr(relation, f"{side}_{relation.level}")
    if relation.level == RelationLevel.POSITION:
        return f"{chart.name(end.department_id)} · {end.title}"
    return str(end.name)
