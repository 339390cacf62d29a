"""What the numbers show on the loop page, and what holds of them every night."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neike.desk import policies as desk_policies
from neike.insights import demo
from neike.insights.queries import observed, pair_shares
from neike.insights.queries.checks import disagreements, wrong_edges
from neike.insights.views import backtests, relations, standards, steps
from neike.kernel.registries import (
    DEMO_PARTS,
    LOOP_STEPS,
    NAVIGATION,
    NIGHTLY_CHECKS,
    RELATION_FIGURES,
    SAFETY_OBJECTS,
    STANDARD_PANELS,
    DemoPart,
    LoopStep,
    NavigationEntry,
    NightlyCheck,
    RelationFigure,
    StandardPanel,
)
from neike.org.models import Person

NAVIGATION.register(
    NavigationEntry(
        key="insights.map",
        order=45,
        label=_("Map"),
        icon="relations",
        url_name="insights:map",
    )
)


def _leads(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show the board to who leads a department."""
    if not isinstance(person, Person):
        return False
    return bool(desk_policies.standing(person, now=timezone.now()).heads)  # noqa: TID251 - a menu has no clock


NAVIGATION.register(
    NavigationEntry(
        key="insights.board",
        order=210,
        label=_("Lead's board"),
        icon="table",
        url_name="insights:board",
        group="work",
        visible=_leads,
    )
)

RELATION_FIGURES.register(
    RelationFigure(key="insights.compared", order=30, facts=relations.facts, is_public=True)
)
LOOP_STEPS.register(
    LoopStep(
        key="insights.customers",
        order=10,
        label=_("Whom it serves"),
        icon="people",
        template="insights/steps/customers.html",
        show=steps.whom_it_serves,
    )
)
LOOP_STEPS.register(
    LoopStep(
        key="insights.promises",
        order=20,
        label=_("What it promised"),
        icon="catalog",
        template="insights/steps/promises.html",
        show=steps.what_it_promised,
    )
)
LOOP_STEPS.register(
    LoopStep(
        key="insights.kept",
        order=30,
        label=_("How it kept its promises"),
        icon="met",
        template="insights/steps/kept.html",
        show=steps.how_it_kept_it,
    )
)
LOOP_STEPS.register(
    LoopStep(
        key="insights.waits",
        order=50,
        label=_("Who waits for whom"),
        icon="waiting",
        template="insights/steps/waits.html",
        show=steps.who_waits,
    )
)
NIGHTLY_CHECKS.register(
    NightlyCheck(
        key="insights.outcomes",
        order=500,
        label=_("The loop page's numbers equal the requests' clocks"),
        run=disagreements,
    )
)
NIGHTLY_CHECKS.register(
    NightlyCheck(
        key="insights.edges",
        order=510,
        label=_("Who was seen to serve whom equals the count of their hand-overs"),
        run=wrong_edges,
    )
)

for _stamp in (*observed.stamps(), *pair_shares.stamps()):
    SAFETY_OBJECTS.register(_stamp)
DEMO_PARTS.register(DemoPart(key="insights", order=900, load=demo.load))
STANDARD_PANELS.register(
    StandardPanel(
        key="insights.back_test",
        order=10,
        place="editor",
        template="insights/_back_test_panel.html",
        context=backtests.panel,
    )
)
STANDARD_PANELS.register(
    StandardPanel(
        key="insights.attained",
        order=15,
        place="page",
        template="insights/_attained_panel.html",
        context=standards.panel,
    )
)
