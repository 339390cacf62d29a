"""What surveys show, and have checked, through the registries of the kernel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.desk import policies as desk_policies
from neike.desk.telling import label_of
from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.registries import (
    DEMO_PARTS,
    LOOP_STEPS,
    MY_DAY,
    NAVIGATION,
    NIGHTLY_CHECKS,
    RELATION_FIGURES,
    SAFETY_OBJECTS,
    TICKET_PANELS,
    DayItem,
    DemoPart,
    LoopStep,
    MyDaySource,
    NavigationEntry,
    NightlyCheck,
    RelationFigure,
    TicketPanel,
)
from neike.surveys import checks, demo, queries
from neike.surveys.views import relations
from neike.surveys.views.loop import what_customers_said
from neike.surveys.views.panel import panel

_MOST = 10

TICKET_PANELS.register(
    TicketPanel(key="surveys.rating", order=10, template="surveys/panel.html", context=panel)
)
RELATION_FIGURES.register(RelationFigure(key="surveys.last", order=20, facts=relations.facts))
LOOP_STEPS.register(
    LoopStep(
        key="surveys.ratings",
        order=40,
        label=gettext_lazy("What customers said"),
        icon="surveys",
        template="surveys/step.html",
        show=what_customers_said,
    )
)
NAVIGATION.register(
    NavigationEntry(
        key="surveys.ratings",
        order=400,
        label=gettext_lazy("Ratings"),
        icon="surveys",
        url_name="surveys:home",
    )
)
NIGHTLY_CHECKS.register(
    NightlyCheck(
        key="surveys.own_work",
        order=400,
        label=gettext_lazy("Nobody rated their own work"),
        run=checks.nobody_rates_own_work,
    )
)
NIGHTLY_CHECKS.register(
    NightlyCheck(
        key="surveys.published_pairs",
        order=410,
        label=gettext_lazy("What is published of departments equals their ratings"),
        run=checks.published_pairs_hold,
    )
)
for _stamp in queries.stamps():
    SAFETY_OBJECTS.register(_stamp)
AUDIT_ACTIONS.register(AuditAction("surveys.rated", gettext_lazy("rated")))
AUDIT_ACTIONS.register(AuditAction("surveys.rating_changed", gettext_lazy("rating changed")))


def _to_rate(person: Any, now: datetime) -> Sequence[DayItem]:  # noqa: ANN401 - the kernel's signature
    who = desk_policies.standing(person, now=now)
    items = [
        DayItem(
            title=label_of(ticket),
            url=f"{ticket.path}#rating-panel",
            what=_("How good was the result for you?"),
        )
        for ticket in queries.tickets_to_rate(who, now=now, most=_MOST)
    ]
    items += [
        DayItem(
            title=label_of(leg.ticket),
            url=f"{leg.ticket.path}#rating-panel",
            what=_("How good was what was delivered to you?"),
        )
        for leg in queries.legs_to_rate(who, now=now, most=_MOST)
    ]
    return items[:_MOST]


MY_DAY.register(
    MyDaySource(
        key="surveys.to_rate",
        order=70,
        label=gettext_lazy("To rate"),
        icon="surveys",
        items=_to_rate,
        url=lambda: reverse("surveys:home"),
    )
)
DEMO_PARTS.register(DemoPart(key="surveys", order=40, load=demo.load))
