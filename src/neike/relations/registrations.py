"""What relations show, and have checked and protected, through the registries of the kernel."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from neike.kernel.audit.labels import AUDIT_ACTIONS, AUDIT_SUBJECTS, AuditAction, AuditSubject
from neike.kernel.notices.kinds import GROUPS, KINDS, NoticeGroup, NoticeKind
from neike.kernel.registries import (
    DEMO_PARTS,
    LOOP_STEPS,
    MY_DAY,
    NAVIGATION,
    NIGHTLY_CHECKS,
    SAFETY_OBJECTS,
    STANDARD_PANELS,
    DayItem,
    DemoPart,
    LoopStep,
    MyDaySource,
    NavigationEntry,
    NightlyCheck,
    StandardPanel,
)
from neike.kernel.search import SCOPE_PROVIDERS, SEARCH_SOURCES, ScopeProvider, SearchSource
from neike.org import queries as org_queries
from neike.relations import checks, demo, policies, queries
from neike.relations.choices import RelationLevel, Side
from neike.relations.models import Agreement, Need, ServiceRelation
from neike.relations.queries import finding
from neike.relations.safeguards import safety_objects
from neike.relations.views.departments import whom_it_agreed_with
from neike.relations.views.standards import signatures

_MOST: Final = 10
_BEFORE: Final = 4  # "my day" shows five of a kind; what the chart proposes is among them
_ORDER: Final = 200
_HOME: Final = "/relations/"

for _entry in (*safety_objects(), *queries.stamps()):
    SAFETY_OBJECTS.register(_entry)

NAVIGATION.register(
    NavigationEntry(
        key="relations.mine",
        order=100,
        label=gettext_lazy("My customers"),
        icon="relations",
        url_name="relations:mine",
    )
)
LOOP_STEPS.register(
    LoopStep(
        key="relations.agreed",
        order=15,
        label=gettext_lazy("Whom it agreed with"),
        icon="relations",
        template="relations/step.html",
        show=whom_it_agreed_with,
    )
)

for _key, _label, _run in (
    (
        "relations.history",
        gettext_lazy("Relations are as their history says"),
        checks.relations_follow_from_their_history,
    ),
    (
        "relations.gaps",
        gettext_lazy("No change of a relation is missing"),
        checks.histories_have_no_gaps,
    ),
):
    NIGHTLY_CHECKS.register(NightlyCheck(key=_key, order=_ORDER, label=_label, run=_run))

for _code, _said in (
    ("relation_proposed", gettext_lazy("Relation proposed")),
    ("relation_declared", gettext_lazy("Relation stated")),
    ("relation_confirmed", gettext_lazy("Relation confirmed")),
    ("relation_contested", gettext_lazy("Relation contested")),
    ("relation_ended", gettext_lazy("Relation ended")),
    ("relation_closeness_changed", gettext_lazy("Closeness of a relation changed")),
    ("relation_corrected", gettext_lazy("Dates of a relation corrected")),
    ("need_stated", gettext_lazy("Need stated")),
    ("need_revised", gettext_lazy("Need revised")),
    ("need_retired", gettext_lazy("Need retired")),
    ("agreement_proposed", gettext_lazy("Agreement proposed")),
    ("agreement_signed", gettext_lazy("Agreement signed")),
    ("agreement_declined", gettext_lazy("Agreement declined")),
    ("agreement_reviewed", gettext_lazy("Agreement reviewed")),
    ("agreement_superseded", gettext_lazy("Agreement replaced by a newer one")),
    ("agreement_ended", gettext_lazy("Agreement ended")),
):
    AUDIT_ACTIONS.register(AuditAction(key=f"relations.{_code}", label=_said))


def _between(relation: ServiceRelation, now: datetime) -> str:
    """Return "provider → customer" in the reader's language."""
    chart = org_queries.chart(on=org_queries.organisation_day(now))
    names = (
        chart.name(relation.end_id(side))
        if relation.level == RelationLevel.DEPARTMENT
        else str(getattr(relation, f"{side}_{relation.level}"))
        for side in (Side.PROVIDER, Side.CUSTOMER)
    )
    return " → ".join(names)


def _describe_relations(ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Name relations between departments, which are public; of others the auditor sees that something happened."""
    rows = ServiceRelation.objects.filter(public_id__in=list(ids), level=RelationLevel.DEPARTMENT)
    rows = rows.select_related("provider_department", "customer_department")
    return {
        str(row.public_id): (f"{row.provider_department} → {row.customer_department}", row.path)
        for row in rows
    }


AUDIT_SUBJECTS.register(AuditSubject(key="relations.servicerelation", describe=_describe_relations))

Items = Callable[[queries.Waiting, datetime], Sequence[DayItem]]


def _confirming(found: queries.Waiting, now: datetime) -> list[DayItem]:
    """Return what people stated one by one, and what the organisation chart proposes as one item."""
    stated = [
        DayItem(_between(row, now), row.path, _("Does this hold?"))
        for row in found.to_confirm.exclude(queries.FROM_CHART)[:_MOST]
    ]
    proposed = found.to_confirm.filter(queries.FROM_CHART).count()
    if not proposed:
        return stated
    return [*stated[:_BEFORE], _from_chart(proposed), *stated[_BEFORE : _MOST - 1]]


def _from_chart(count: int) -> DayItem:
    title = ngettext(
        "%(count)d relation proposed from the organisation chart",
        "%(count)d relations proposed from the organisation chart",
        count,
    )
    what = _("Look through them; each group can be confirmed at once.")
    return DayItem(title % {"count": count}, reverse("relations:mine"), what)


def _signing(found: queries.Waiting, now: datetime) -> list[DayItem]:
    return [_agreement(row, now, _("Please sign.")) for row in found.to_sign[:_MOST]]


def _reviewing_agreements(found: queries.Waiting, now: datetime) -> list[DayItem]:
    said = _("Does the agreement still fit?")
    return [_agreement(row, now, said) for row in found.agreements_to_review[:_MOST]]


def _reviewing_needs(found: queries.Waiting, now: datetime) -> list[DayItem]:
    said = _("How well was this need met?")
    return [_need(row, now, said) for row in found.needs_to_review[:_MOST]]


def _guessing(found: queries.Waiting, now: datetime) -> list[DayItem]:
    said = _("What does your customer expect? Guess before you look.")
    return [_need(row, now, said) for row in found.to_guess[:_MOST]]


def _agreement(row: Agreement, now: datetime, what: str) -> DayItem:
    return DayItem(f"{row.service.name} ({_between(row.relation, now)})", row.path, what)


def _need(row: Need, now: datetime, what: str) -> DayItem:
    title = f"{row.get_dimension_display()} ({_between(row.relation, now)})"
    return DayItem(title, f"{row.relation.path}#need-{row.public_id}", what)


def _register(key: str, label: Promise, icon: str, items: Items, order: int) -> None:
    def found(person: Any, now: datetime) -> Sequence[DayItem]:  # noqa: ANN401 - the kernel's signature
        return items(queries.waiting_for(policies.standing(person, now=now)), now)

    MY_DAY.register(
        MyDaySource(key=key, order=order, label=label, icon=icon, items=found, url=lambda: _HOME)
    )


for _place, (_key, _label_, _icon, _items) in enumerate(
    (
        ("relations.to_confirm", gettext_lazy("Relations to confirm"), "handshake", _confirming),
        ("relations.to_sign", gettext_lazy("Agreements to sign"), "certificate", _signing),
        (
            "relations.to_review",
            gettext_lazy("Agreements to review"),
            "certificate",
            _reviewing_agreements,
        ),
        ("relations.needs", gettext_lazy("Needs to review"), "target", _reviewing_needs),
        ("relations.guesses", gettext_lazy("Expectations to guess"), "quiz", _guessing),
    )
):
    _register(_key, _label_, _icon, _items, 80 + _place)

SCOPE_PROVIDERS.register(ScopeProvider(key="relations", scopes=finding.search_scopes))
SEARCH_SOURCES.register(SearchSource(key="relations", documents=finding.search_documents))
DEMO_PARTS.register(DemoPart(key="relations", order=25, load=demo.load))

for _where in ("page", "editor"):
    STANDARD_PANELS.register(
        StandardPanel(
            key=f"relations.signatures.{_where}",
            order=30,
            place=_where,
            template="relations/_signatures.html",
            context=signatures,
        )
    )


GROUPS.register(
    NoticeGroup(key="relations", order=100, label=gettext_lazy("Customers, needs and agreements"))
)
for _place, (_key, _label, _why) in enumerate(
    (
        (
            "relation",
            gettext_lazy("A service relation was proposed, confirmed or ended"),
            gettext_lazy("You speak for one of its two sides."),
        ),
        (
            "need",
            gettext_lazy("A need was stated or changed"),
            gettext_lazy("You speak for the side that serves."),
        ),
        (
            "agreement",
            gettext_lazy("An agreement is to be signed or looked at again"),
            gettext_lazy("You speak for one of its two sides."),
        ),
        (
            "chart_followed",
            gettext_lazy("What was proposed from the organisation chart"),
            gettext_lazy("You asked for it."),
        ),
    ),
    start=1,
):
    KINDS.register(
        NoticeKind(
            key=f"relations.{_key}",
            order=1000 + _place,
            group="relations",
            label=_label,
            because=_why,
        )
    )
