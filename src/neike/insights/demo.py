"""The demo company as the map sees it: what it counts, and whether it finds what there is to discover."""

from dataclasses import dataclass

from neike.engines.graph import Pair
from neike.insights import actions
from neike.insights.queries.map_comparing import compared_edges
from neike.insights.queries.map_edges import declared_of, relations_on
from neike.kernel.demo import Company
from neike.org import queries as org_queries
from neike.org.models import Department
from neike.relations.demo.templates import HIDDEN, PAPER


@dataclass(frozen=True, slots=True)
class Story:
    """What the map finds today, as (provider, customer) by the demo's keys: hidden customers with their volume, paper."""

    hidden: dict[tuple[str, str], int]
    paper: frozenset[tuple[str, str]]

    @property
    def is_as_told(self) -> bool:
        """Whether exactly the one hidden customer and the one paper relation are found."""
        return set(self.hidden) == {HIDDEN} and self.paper == {(PAPER.provider, PAPER.customer)}


def load(company: Company) -> None:
    """Count the demo's hand-overs, and say what the map finds in them.

    A history made smaller for tests tells less: rare customers then have no work in two quarters.
    """
    actions.catch_up()
    actions.observe(now=company.now)
    found = story(company)
    company.progress(
        f"  the map finds {len(found.hidden)} hidden customer(s) and {len(found.paper)} relation(s) on paper"
    )


def story(company: Company) -> Story:
    """Return what the map of the running quarter finds; a fixed number of queries."""
    departments: dict[str, Department] = company.shared["departments"]
    keys = {department.pk: key for key, department in departments.items()}

    def named(pair: Pair) -> tuple[str, str]:
        return keys[pair[0]], keys[pair[1]]

    declared = declared_of(relations_on(company.today))
    found = compared_edges(declared, org_queries.current_quarter(company.now))
    return Story(
        {named(one.pair): one.volume for one in found.hidden},
        frozenset(named(one.pair) for one in found.paper),
    )
