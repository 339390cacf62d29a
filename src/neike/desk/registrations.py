"""What the desk shows, holds and has checked through the registries of the kernel."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from neike.desk import actions, checks, demo, live, policies, queries
from neike.desk.choices import ApprovalState, TicketState, Visibility, Vote, WaitingOn
from neike.desk.models import Approval, ApprovalVote, Article, Message, Rule, Ticket
from neike.desk.queries import articles, my_day
from neike.desk.queries.calendars import moves_on_calendar
from neike.desk.telling import label_of
from neike.desk.views import relations, standards
from neike.engines.worktime import CalendarSpec
from neike.kernel import mail
from neike.kernel.attachments import AttachmentOwner, register_owner
from neike.kernel.audit.labels import AUDIT_ACTIONS, AUDIT_SUBJECTS, AuditAction, AuditSubject
from neike.kernel.live import TOPICS, TopicKind
from neike.kernel.registries import (
    CALENDAR_PREVIEWS,
    DEMO_PARTS,
    MY_DAY,
    NAVIGATION,
    NIGHTLY_CHECKS,
    RELATION_FIGURES,
    SAFETY_OBJECTS,
    SERVICE_PANELS,
    STANDARD_PANELS,
    STRUCTURE_PREVIEWS,
    CalendarPreview,
    DayItem,
    DemoPart,
    MyDaySource,
    NavigationEntry,
    NightlyCheck,
    PreviewLine,
    RelationFigure,
    ServicePanel,
    StandardPanel,
    StructureChange,
    StructurePreview,
)
from neike.kernel.safety import append_only
from neike.kernel.search import (
    SCOPE_PROVIDERS,
    SEARCH_SOURCES,
    ScopeProvider,
    SearchDocument,
    SearchSource,
)
from neike.org import queries as org_queries
from neike.org.models import Person

SAFETY_OBJECTS.register(append_only("desk_ticketevent"))
SAFETY_OBJECTS.register(append_only("desk_ruleversion"))

for _order, (_key, _label, _run) in enumerate(
    (
        ("desk.replay", _("Requests are what their log says"), checks.replay_equals_stored),
        ("desk.lead_leg", _("Every request has one lead leg"), checks.one_lead_leg),
        ("desk.segments", _("Time of legs is cut without gap"), checks.segments_partition_legs),
        ("desk.clocks", _("No clock runs after the end"), checks.no_clock_runs_at_the_end),
    )
):
    NIGHTLY_CHECKS.register(NightlyCheck(key=_key, order=100 + _order, label=_label, run=_run))


def _calendar_preview(calendar_id: int, spec: CalendarSpec, now: datetime) -> list[PreviewLine]:
    """Say how many open requests would move, and how many would be overdue at once."""
    moves = moves_on_calendar(calendar_id, spec, now=now)
    lines = []
    if moves.moved:
        text = ngettext(
            "%(count)d open request gets another due time.",
            "%(count)d open requests get another due time.",
            moves.moved,
        )
        lines.append(PreviewLine(text % {"count": moves.moved}))
    if moves.overdue:
        text = ngettext(
            "%(count)d request becomes overdue at once.",
            "%(count)d requests become overdue at once.",
            moves.overdue,
        )
        lines.append(PreviewLine(text % {"count": moves.overdue}, concern=True))
    return lines


RELATION_FIGURES.register(RelationFigure(key="desk.open", order=10, facts=relations.facts))
CALENDAR_PREVIEWS.register(CalendarPreview(key="desk.clocks", order=100, lines=_calendar_preview))


def _structure_preview(change: StructureChange, _now: datetime) -> list[PreviewLine]:
    """Say how many hand-overs departments that close still owe, and how many they still wait for."""
    owed, awaited = queries.open_hand_overs(change.closing)
    lines = []
    if owed:
        text = ngettext(
            "%(count)d open request was asked of what closes. Whoever it goes on in works it.",
            "%(count)d open requests were asked of what closes. Whoever it goes on in works them.",
            owed,
        )
        lines.append(PreviewLine(text % {"count": owed}, concern=not change.is_continued))
    if awaited:
        text = ngettext(
            "%(count)d open request was asked by what closes. It goes on.",
            "%(count)d open requests were asked by what closes. They go on.",
            awaited,
        )
        lines.append(PreviewLine(text % {"count": awaited}))
    return lines


STRUCTURE_PREVIEWS.register(
    StructurePreview(key="desk.requests", order=200, lines=_structure_preview)
)


def _standing(person: Any) -> policies.Standing | None:  # noqa: ANN401 - a visitor or a person
    """Return what the person is right now: the download asks about this moment."""
    if not person.is_authenticated:
        return None
    return policies.standing(person, now=timezone.now())  # noqa: TID251 - see above


def _may_read_ticket(person: Any, ticket_id: int) -> bool:  # noqa: ANN401
    who = _standing(person)
    return who is not None and queries.tickets_visible_to(who).filter(pk=ticket_id).exists()


def _may_read_message(person: Any, message_id: int) -> bool:  # noqa: ANN401
    who = _standing(person)
    message = Message.objects.filter(pk=message_id).select_related("ticket").first()
    if who is None or message is None or not policies.may_read(who, message.ticket):
        return False
    public = message.visibility == Visibility.PUBLIC
    return public or bool(policies.may_read_internal(who, message.ticket))


def _existing_tickets(ids: Iterable[int]) -> set[int]:
    return set(Ticket.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _existing_messages(ids: Iterable[int]) -> set[int]:
    return set(Message.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


register_owner(
    AttachmentOwner(key="desk.ticket", may_read=_may_read_ticket, existing=_existing_tickets)
)
register_owner(
    AttachmentOwner(key="desk.message", may_read=_may_read_message, existing=_existing_messages)
)
SCOPE_PROVIDERS.register(ScopeProvider(key="desk", scopes=queries.search_scopes))
SEARCH_SOURCES.register(SearchSource(key="desk.tickets", documents=queries.search_documents))


def _ticket_for(person: Person, context: dict[str, Any], now: datetime) -> Ticket | None:
    """Return the request of a mail if its reader may still read it."""
    who = policies.standing(person, now=now)
    return queries.tickets_visible_to(who).filter(pk=context["ticket_id"]).first()


@mail.prepares("desk/mail/question")
def _question(person: Person, context: dict[str, Any], *, now: datetime) -> dict[str, Any] | None:
    """Give the mail what it says, unless the question was answered meanwhile."""
    ticket = _ticket_for(person, context, now)
    if ticket is None or ticket.waiting_on != WaitingOn.REQUESTER:
        return None
    leg = ticket.legs.filter(waiting_on=WaitingOn.REQUESTER).first()
    question = "" if leg is None or ticket.confidential else leg.waiting_reason
    return {"name": person.name, "ticket": label_of(ticket), "question": question, **context}


@mail.prepares("desk/mail/resolved")
def _resolved(person: Person, context: dict[str, Any], *, now: datetime) -> dict[str, Any] | None:
    """Give the mail what it says, unless the request was confirmed or reopened meanwhile."""
    ticket = _ticket_for(person, context, now)
    if ticket is None or ticket.state != TicketState.RESOLVED:
        return None
    return {"name": person.name, "ticket": label_of(ticket), **context}


def _waiting(person: Any) -> int | None:  # noqa: ANN401 - the kernel's signature
    """Return how much waits at the desk; None for somebody who serves no department. Two queries per page."""
    if not isinstance(person, Person):
        return None
    now = timezone.now()  # noqa: TID251 - a menu has no clock of its own
    served = policies.standing(person, now=now).serves
    return queries.waiting_for_departments(served, person.pk) if served else None


def _shown(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show the queue to whoever serves; the number is kept on the person, who lives as long as the request."""
    person.waiting_at_desk = _waiting(person)
    return person.waiting_at_desk is not None


def _count(person: Any) -> int:  # noqa: ANN401 - the kernel's signature
    return getattr(person, "waiting_at_desk", None) or 0


NAVIGATION.register(
    NavigationEntry(
        key="desk.queue",
        order=200,
        label=_("Request desk"),
        icon="desk",
        url_name="desk:queue",
        group="work",
        visible=_shown,
        count=_count,
    )
)


NAVIGATION.register(
    NavigationEntry(
        key="desk.mine", order=20, label=_("My requests"), icon="queue", url_name="desk:mine"
    )
)


def _source(
    key: str,
    order: int,
    label: Any,  # noqa: ANN401 - a lazy text
    icon: str,
    read: Callable[[policies.Standing], Sequence[DayItem]],
    *,
    page: str,
    query: str,
) -> None:
    def items(person: Any, now: datetime) -> Sequence[DayItem]:  # noqa: ANN401 - the kernel's signature
        return read(policies.standing(person, now=now))

    def url() -> str:
        return f"{reverse(page)}?{query}"

    MY_DAY.register(MyDaySource(key=key, order=order, label=label, icon=icon, items=items, url=url))


_MINE, _QUEUE = "desk:mine", "desk:queue"
_source(
    "desk.answers",
    50,
    _("Waiting for your answer"),
    "question",
    my_day.answers,
    page=_MINE,
    query="tab=waiting",
)
_source(
    "desk.to_confirm",
    60,
    _("To confirm"),
    "check",
    my_day.to_confirm,
    page=_MINE,
    query="tab=waiting",
)
_source(
    "desk.my_legs",
    100,
    _("In your hands"),
    "desk",
    my_day.in_hand,
    page=_QUEUE,
    query="view=mine&department=all",
)
_source(
    "desk.offers",
    110,
    _("To accept"),
    "accept",
    my_day.offers,
    page=_QUEUE,
    query="view=offered&department=all",
)

_source(
    "desk.nobodys",
    105,
    _("Nobody has taken it"),
    "bell",
    my_day.nobodys,
    page=_QUEUE,
    query="view=open&assignee=nobody&department=all",
)

DEMO_PARTS.register(DemoPart(key="desk", order=30, load=demo.load))


_WAITING_FOR_APPROVAL: Final = "waiting_for_approval"


def _waits_for_approval(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show the approvals to whoever was ever asked, or stands in for somebody who was; the number stays on the person."""
    if not isinstance(person, Person):
        return False
    who = policies.standing(person, now=timezone.now())  # noqa: TID251 - a menu has no clock of its own
    if not queries.was_ever_asked(who):
        return False
    setattr(person, _WAITING_FOR_APPROVAL, queries.count_waiting_for_approval(who))
    return True


def _approvals_count(person: Any) -> int:  # noqa: ANN401 - the kernel's signature
    return getattr(person, _WAITING_FOR_APPROVAL, 0)


NAVIGATION.register(
    NavigationEntry(
        key="desk.approvals",
        order=30,
        label=_("Approvals"),
        icon="seal",
        url_name="desk:approvals",
        visible=_waits_for_approval,
        count=_approvals_count,
    )
)
_source(
    "desk.approvals",
    40,
    _("To approve"),
    "seal",
    my_day.to_approve,
    page="desk:approvals",
    query="",
)
_source(
    "desk.tasks",
    105,
    _("Tasks in your hands"),
    "quiz",
    my_day.tasks,
    page="desk:approvals",
    query="tab=tasks",
)


@mail.prepares("desk/mail/approval")
def _approval_mail(
    person: Person, context: dict[str, Any], *, now: datetime
) -> dict[str, Any] | None:
    """Give the mail what it says and a link of its own, unless the decision was made meanwhile.

    The link is made now and only its hash is kept, so that the queue of mails holds no key to anything.
    """
    approval = Approval.objects.filter(pk=context["approval_id"]).select_related("ticket").first()
    ticket = _ticket_for(person, context, now)
    if approval is None or ticket is None or approval.state != ApprovalState.OPEN:
        return None
    if all(person.pk != one.pk for one in queries.asked_people(approval, now=now)):
        return None
    token = actions.make_link(approval=approval, person=person, now=now)
    return {
        "name": person.name,
        "ticket": label_of(ticket),
        "what": "" if ticket.confidential else str(approval.title),
        "requester": "" if ticket.confidential else ticket.requester.name,
        "url": reverse("desk:approval_link", args=[token]),
    }


@mail.prepares("desk/mail/rejected")
def _rejected_mail(
    person: Person, context: dict[str, Any], *, now: datetime
) -> dict[str, Any] | None:
    """Give the mail the reason, and say nothing of a confidential request."""
    ticket = _ticket_for(person, context, now)
    if ticket is None or ticket.state != TicketState.REJECTED:
        return None
    no = ApprovalVote.objects.filter(approval__ticket=ticket, vote=Vote.NO).order_by("-decided_at")
    found = None if ticket.confidential else no.first()
    why = found.reason if found else ""
    return {"name": person.name, "ticket": label_of(ticket), "reason": why, **context}


# Knowledge


def _may_read_article_file(person: Any, article_id: int) -> bool:  # noqa: ANN401
    who = _standing(person)
    return who is not None and queries.articles_visible_to(who).filter(pk=article_id).exists()


def _existing_articles(ids: Iterable[int]) -> set[int]:
    return set(Article.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _article_documents() -> Iterable[SearchDocument]:
    """Give the index every published article, for whom it is meant in today's organisation."""
    return queries.article_documents(on=org_queries.organisation_day(timezone.now()))  # noqa: TID251 - no clock of its own


def _articles_on_service(person: Any, service: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401
    articles = queries.articles_about(policies.standing(person, now=now), service)
    return {"articles": articles} if articles else {}


def _describe_articles(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name articles by their key: a title may say what not every auditor may read."""
    rows = Article.objects.filter(public_id__in=list(ids))
    return {str(each.public_id): (each.key, each.path) for each in rows}


def _register_knowledge() -> None:
    """Put knowledge articles into every registry they belong to."""
    SAFETY_OBJECTS.register(append_only("desk_articleversion"))
    register_owner(
        AttachmentOwner(
            key="desk.article", may_read=_may_read_article_file, existing=_existing_articles
        )
    )
    SEARCH_SOURCES.register(SearchSource(key="desk.articles", documents=_article_documents))
    SERVICE_PANELS.register(
        ServicePanel(
            key="desk.articles",
            order=10,
            template="desk/articles/_on_service.html",
            context=_articles_on_service,
        )
    )
    NAVIGATION.register(
        NavigationEntry(
            key="desk.knowledge",
            order=40,
            label=_("Knowledge"),
            icon="note",
            url_name="desk:knowledge",
        )
    )
    _source(
        "desk.article_reviews",
        150,
        _("Articles to look at again"),
        "note",
        articles.review_items,
        page="desk:articles_manage",
        query="show=review",
    )
    for code, label in (
        ("created", _("Article written")),
        ("changed", _("Article changed")),
        ("restored", _("Former version of an article restored")),
        ("published", _("Article published")),
        ("retired", _("Article withdrawn from use")),
        ("draft", _("Article made a draft again")),
        ("reviewed", _("Article looked at again")),
    ):
        AUDIT_ACTIONS.register(AuditAction(key=f"desk.article_{code}", label=label))
    AUDIT_SUBJECTS.register(AuditSubject(key="desk.article", describe=_describe_articles))
    DEMO_PARTS.register(DemoPart(key="desk.knowledge", order=35, load=demo.load_knowledge))


_register_knowledge()


def _tickets_heard(person: Any, ids: frozenset[int], now: datetime) -> Iterable[int]:  # noqa: ANN401
    """Return those of the requests that the person may read."""
    who = policies.standing(person, now=now)
    return queries.tickets_visible_to(who).filter(pk__in=ids).values_list("pk", flat=True)


def _notes_heard(person: Any, ids: frozenset[int], now: datetime) -> Iterable[int]:  # noqa: ANN401
    """Return those of the requests whose internal notes the person may read."""
    who = policies.standing(person, now=now)
    found = queries.tickets_visible_to(who).filter(pk__in=ids).prefetch_related("legs", "tasks")
    return [ticket.pk for ticket in found if policies.may_read_internal(who, ticket)]


def _queues_heard(person: Any, ids: frozenset[int], now: datetime) -> Iterable[int]:  # noqa: ANN401
    """Return those of the departments whose queue the person works or leads."""
    who = policies.standing(person, now=now)
    return [pk for pk in ids if who.serves_in(pk)]


def _own_queues(person: Any, now: datetime) -> Iterable[int]:  # noqa: ANN401 - the kernel's signature
    return policies.standing(person, now=now).serves


TOPICS.register(TopicKind(key=live.TICKET, order=100, allowed=_tickets_heard))
TOPICS.register(TopicKind(key=live.NOTES, order=110, allowed=_notes_heard))
TOPICS.register(TopicKind(key=live.PRESENCE, order=120, allowed=_notes_heard))
TOPICS.register(TopicKind(key=live.QUEUE, order=130, allowed=_queues_heard, own=_own_queues))

_source(
    "desk.quality",
    120,
    _("Quality checks"),
    "check",
    my_day.to_check,
    page="desk:quality",
    query="",
)
for _place, _template, _panel in (
    ("publish", "desk/standards/_open_requests.html", standards.open_requests),
    ("editor", "desk/standards/_quality_plan.html", standards.quality_plan),
    ("page", "desk/standards/_quality.html", standards.quality),
):
    STANDARD_PANELS.register(
        StandardPanel(
            key=f"desk.{_panel.__name__}",
            order=20,
            place=_place,
            template=_template,
            context=_panel,
        )
    )
DEMO_PARTS.register(DemoPart(key="desk.quality", order=36, load=demo.load_quality))
AUDIT_ACTIONS.register(
    AuditAction(key="desk.quality_planned", label=_("Sample of quality checks set"))
)
AUDIT_ACTIONS.register(
    AuditAction(key="desk.queue_exported", label=_("A list of requests was downloaded"))
)
DEMO_PARTS.register(DemoPart(key="desk.working", order=37, load=demo.load_working))

# Rules and the giving out of work


def _sees_rules(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show rules to whoever serves a department or administers."""
    if not isinstance(person, Person):
        return False
    if getattr(person, "waiting_at_desk", None) is not None:
        return True
    who = policies.standing(person, now=timezone.now())  # noqa: TID251 - a menu has no clock of its own
    return who.administers


NAVIGATION.register(
    NavigationEntry(
        key="desk.rules",
        order=210,
        label=_("Rules"),
        icon="bolt",
        url_name="desk:rules",
        group="work",
        visible=_sees_rules,
    )
)

for _code, _said in (
    ("assignment_policy", _("Giving out work changed")),
    ("capacity", _("Capacity of a person changed")),
    ("rule_made", _("Rule made")),
    ("rule_changed", _("Rule changed")),
    ("rule_switched", _("Rule switched on or off")),
):
    AUDIT_ACTIONS.register(AuditAction(key=f"desk.{_code}", label=_said))


def _describe_rules(ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    rows = Rule.objects.filter(public_id__in=list(ids))
    return {
        str(row.public_id): (str(row.name), reverse("desk:rule", args=[row.public_id]))
        for row in rows
    }


AUDIT_SUBJECTS.register(AuditSubject(key="desk.rule", describe=_describe_rules))
