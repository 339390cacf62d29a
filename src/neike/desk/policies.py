"""Who may see and do what with requests (reliability_security 5).

The questions about one object are pure functions of a `Standing`: what a person is in the organisation at this
moment, read once per page or action. What somebody may read is one condition, `readable_by`, for pages, lists,
search, counts, files and mail alike.
"""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from neike.catalog import policies as catalog_policies
from neike.catalog.models import Service
from neike.desk.choices import OPEN_TICKET_STATES, ArticleState, TicketState, Visibility
from neike.desk.models import (
    ApprovalVote,
    Article,
    ArticleVersion,
    Leg,
    Macro,
    Participant,
    QualityCheck,
    RecurringRequest,
    SavedView,
    Task,
    Ticket,
)
from neike.kernel.memory import Memo
from neike.kernel.policies import PUBLIC, SIGNED_IN, Decision, allow, declare, deny
from neike.org import queries as org_queries
from neike.org.choices import Role, SubstitutionScope
from neike.org.models import Department, DepartmentAncestry, Person

USE = declare("desk.use", SIGNED_IN)
MAILED_LINK = declare("desk.mailed_link", PUBLIC)


class Standing:
    """What a person is in the organisation at a moment, for the desk; looked up when first asked, then kept.

    Keep one no longer than one request or action.
    """

    def __init__(self, person: Person, *, now: datetime) -> None:
        self._person, self._now = person, now
        self.person_id: int = person.pk

    @cached_property
    def on(self) -> date:
        """The day in the organisation's zone."""
        return org_queries.organisation_day(self._now)

    @cached_property
    def _absent(self) -> list[tuple[int, str]]:
        return org_queries.stood_in_for(self._person, now=self._now)

    def _acting(self, scope: SubstitutionScope) -> frozenset[int]:
        scopes = (scope, SubstitutionScope.BOTH)
        return frozenset(pk for pk, found in self._absent if found in scopes) | {self.person_id}

    @cached_property
    def acting_for(self) -> frozenset[int]:
        """The person and those they stand in for at work."""
        return self._acting(SubstitutionScope.WORK)

    @cached_property
    def approves_for(self) -> frozenset[int]:
        """The person and those they stand in for as approver."""
        return self._acting(SubstitutionScope.APPROVE)

    @cached_property
    def serves(self) -> frozenset[int]:
        """The departments whose queue they work."""
        return _ids(org_queries.departments_served_by(self._person, on=self.on))

    @cached_property
    def leads(self) -> frozenset[int]:
        """The departments they lead, with all below."""
        return (
            _ids(org_queries.departments_led_by(self._person, on=self.on))
            if self.heads
            else self.heads
        )

    @cached_property
    def _held(self) -> org_queries.Held:
        return org_queries.held_by(self._person, on=self.on)

    @cached_property
    def heads(self) -> frozenset[int]:
        """The departments they lead themselves."""
        return self._held.heads

    @cached_property
    def owns(self) -> frozenset[int]:
        """The services they own, by name or by grant."""
        named = [each.service for each in self._held.of(Role.SERVICE_OWNER) if each.service]
        return _ids(Service.objects.filter(Q(owner=self.person_id) | Q(public_id__in=named)))

    @cached_property
    def surroundings(self) -> frozenset[str]:
        """The public ids of the departments they work in and of all above them: what audiences are held against."""
        return catalog_policies.surroundings_of(self._person, on=self.on)

    @cached_property
    def writes_for(self) -> frozenset[int]:
        """The departments whose knowledge they write: served, led, or of services they own."""
        granted = self._held.of(Role.SERVICE_OWNER)
        if any(each.everywhere for each in granted):
            return _ids(Department.objects.all())
        found = self.serves | self.leads
        if self.owns:
            owned = Service.objects.filter(pk__in=self.owns)
            found |= frozenset(owned.values_list("department", flat=True))
        above = [each.department_id for each in granted if each.department_id]
        if above:
            lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=self.on)
            below = DepartmentAncestry.objects.filter(
                lasting, valid_from__lte=self.on, ancestor__in=above
            )
            found |= frozenset(below.values_list("descendant", flat=True))
        return found

    @cached_property
    def closed_services(self) -> frozenset[int]:
        """The confidential services with an audience that they are outside of."""
        limited = Service.objects.filter(confidential=True).exclude(audience={})
        return frozenset(
            each.pk
            for each in limited.select_related("department")
            if not catalog_policies.in_audience(each, self.surroundings)
        )

    @cached_property
    def owning_departments(self) -> frozenset[int]:
        """The departments whose services they own."""
        rows = Service.objects.filter(pk__in=self.owns)
        return frozenset(rows.values_list("department_id", flat=True)) if self.owns else self.owns

    @cached_property
    def administers(self) -> bool:
        """Whether they are system administrator."""
        return bool(self._held.of(Role.ADMINISTRATOR))

    @cached_property
    def readable(self) -> Q:
        """The condition on `Ticket` for what they may read; see `readable_by`."""
        return _readable(self)

    def works_on(self, leg: Leg) -> bool:
        """Whether the leg is theirs: assigned to them or to whom they stand in for."""
        if leg.assignee_id is None:
            return False
        return leg.assignee_id == self.person_id or leg.assignee_id in self.acting_for

    def serves_in(self, department_id: int) -> bool:
        """Whether they work the queue of the department, or lead it."""
        return department_id in self.serves or department_id in self.leads


_memo: Memo[int, Standing] = Memo("standings")


def remembered() -> AbstractContextManager[None]:
    """Look each person up once inside the block: for one request that changes nothing, never for longer."""
    return _memo.kept()


def standing(person: Person, *, now: datetime) -> Standing:
    """Return what a person is at this moment; while a page is only read, at the moment first asked about."""
    return _memo.get(person.pk, lambda: Standing(person, now=now))


def _ids(rows: QuerySet[Any]) -> frozenset[int]:
    return frozenset(rows.values_list("pk", flat=True))


def readable_by(who: Standing) -> Q:
    """Return the condition on `Ticket` for what a person may read.

    Always: one's own (needed or raised), those one follows, those one works on (a leg or a task), those one is
    asked to approve, those whose serving department one heads. Unless confidential: all that one's departments serve, that one's departments asked for (for their
    leads), that one's services brought.
    """
    return who.readable


def _readable(who: Standing) -> Q:
    legs = Leg.objects.filter(ticket=OuterRef("pk"))
    own = Q(requester=who.person_id) | Q(raised_by=who.person_id)
    follows = Participant.objects.filter(ticket=OuterRef("pk"), person=who.person_id)
    asked = ApprovalVote.objects.filter(
        approval__ticket=OuterRef("pk"), person__in=who.approves_for
    )
    tasks = Task.objects.filter(ticket=OuterRef("pk"))
    named = own | Q(Exists(follows)) | Q(Exists(legs.filter(assignee__in=who.acting_for)))
    named |= Q(Exists(asked)) | Q(Exists(tasks.filter(assignee__in=who.acting_for)))
    if who.heads:
        named |= Q(Exists(legs.filter(supplier__in=who.heads)))
    shared = Q(customer__in=who.leads) | Q(service__in=who.owns)
    if who.serves or who.leads:
        served = who.serves | who.leads
        shared |= Q(Exists(legs.filter(supplier__in=served)))
        shared |= Q(Exists(tasks.filter(department__in=served)))
    return named | (Q(confidential=False) & shared)


def may_read(who: Standing, ticket: Ticket) -> Decision:
    """Whether the request is among those the person may read; one query."""
    found = Ticket.objects.filter(readable_by(who), pk=ticket.pk).exists()
    return allow() if found else deny("not_involved")


def may_read_internal(who: Standing, ticket: Ticket) -> Decision:
    """Internal messages are for those who serve: on a leg, for a leg's department, or owner of the service."""
    legs = list(ticket.legs.all())
    if any(who.works_on(leg) or leg.supplier_id in who.heads for leg in legs):
        return allow()
    if ticket.confidential:
        return deny("confidential")
    if ticket.service_id in who.owns or any(who.serves_in(leg.supplier_id) for leg in legs):
        return allow()
    if any(who.serves_in(task.department_id) for task in ticket.tasks.all()):
        return allow()
    return deny("not_serving")


def may_post(who: Standing, ticket: Ticket, visibility: str) -> Decision:
    """People on the request write to it; internally only those who serve."""
    public = visibility == Visibility.PUBLIC
    if public and who.person_id in (ticket.requester_id, ticket.raised_by_id):
        return allow()
    internal = may_read_internal(who, ticket)
    if internal or not public:
        return internal
    follows = ticket.participants.filter(person=who.person_id).exists()
    return allow() if follows or is_asked(who, ticket) else deny("not_involved")


def is_asked(who: Standing, ticket: Ticket) -> bool:
    """Whether the person, or somebody they stand in for, is or was asked to approve; one query."""
    asked = ApprovalVote.objects.filter(approval__ticket=ticket, person__in=who.approves_for)
    return asked.exists()


def may_decide(who: Standing, ticket: Ticket, asked: Collection[int]) -> Decision:
    """Who is asked decides, or who stands in for them as approver; never about one's own request."""
    if who.person_id == ticket.requester_id:
        return deny("own_request")
    return allow() if who.approves_for.intersection(asked) else deny("not_asked")


def may_do_task(who: Standing, task: Task) -> Decision:
    """The assignee does a task, or anybody of its department."""
    if task.assignee_id in who.acting_for or who.serves_in(task.department_id):
        return allow()
    return deny("not_in_department")


def may_raise_for(who: Standing, requester: Person, service: Service) -> Decision:
    """One asks for oneself; those who serve the department of the service ask on behalf of others."""
    if requester.pk == who.person_id or who.serves_in(service.department_id):
        return allow()
    department = org_queries.department_of(requester, on=who.on)
    if department is not None and department.pk in who.leads:
        return allow()
    return deny("not_on_behalf")


def may_accept(who: Standing, leg: Leg) -> Decision:
    """Anybody who works the queue of the asked department accepts, or sends back."""
    return allow() if who.serves_in(leg.supplier_id) else deny("not_in_department")


may_return = may_accept
may_assign = may_accept


def may_work(who: Standing, leg: Leg) -> Decision:
    """The assignee works on a leg, or a lead; anybody of the department while nobody is assigned."""
    if who.works_on(leg) or leg.supplier_id in who.leads:
        return allow()
    if leg.assignee_id is None and who.serves_in(leg.supplier_id):
        return allow()
    return deny("not_assignee")


may_deliver = may_work
may_hand_over = may_work
may_resolve = may_work


def may_confirm_leg(who: Standing, leg: Leg) -> Decision:
    """The department that asked confirms a delivery, or sends it back for rework; not who did the work."""
    if who.works_on(leg):
        return deny("own_work")
    return allow() if who.serves_in(leg.customer_id) else deny("not_customer")


def may_withdraw_leg(who: Standing, leg: Leg) -> Decision:
    """Who handed the work over, or their department, takes it back."""
    if leg.offered_by_id in who.acting_for or who.serves_in(leg.customer_id):
        return allow()
    return deny("not_customer")


def may_confirm(who: Standing, ticket: Ticket) -> Decision:
    """Only the requester confirms."""
    return allow() if ticket.requester_id == who.person_id else deny("not_requester")


def may_reopen(who: Standing, ticket: Ticket, lead_leg: Leg) -> Decision:
    """The requester reopens, or a lead of the department that resolved."""
    if ticket.requester_id == who.person_id or lead_leg.supplier_id in who.leads:
        return allow()
    return deny("not_requester")


def may_cancel(who: Standing, ticket: Ticket) -> Decision:
    """The requester withdraws before the first delivery; the service's owner at any time."""
    if ticket.service_id in who.owns:
        return allow()
    if who.person_id not in (ticket.requester_id, ticket.raised_by_id):
        return deny("not_requester")
    delivered = any(leg.delivered_at for leg in ticket.legs.all())
    return deny("already_delivered") if delivered else allow()


def may_change_priority(who: Standing, lead_leg: Leg) -> Decision:
    """The department that leads the request sets its priority."""
    return allow() if who.serves_in(lead_leg.supplier_id) else deny("not_in_department")


def may_add_participant(who: Standing, ticket: Ticket) -> Decision:
    """One shares what one holds: the requester and those who serve; of a confidential one nobody else."""
    if ticket.requester_id == who.person_id:
        return allow()
    return may_read_internal(who, ticket)


def may_remove_participant(who: Standing, ticket: Ticket, person_id: int) -> Decision:
    """Everybody may stop following; else as for adding."""
    return allow() if person_id == who.person_id else may_add_participant(who, ticket)


def may_keep_checklists(who: Standing, department_id: int) -> Decision:
    """Who leads a department keeps its checklists."""
    return allow() if department_id in who.leads else deny("not_lead")


def may_copy(who: Standing, ticket: Ticket) -> Decision:
    """Who needed a request, or raised it, begins it anew when it was rejected or withdrawn."""
    if ticket.state not in (TicketState.REJECTED, TicketState.CANCELLED):
        return deny("not_over")
    own = who.person_id in (ticket.requester_id, ticket.raised_by_id)
    return allow() if own else deny("not_requester")


# Knowledge


def articles_readable_by(who: Standing) -> Q:
    """Return the condition on `Article` for what a person may read.

    Whoever writes for its department reads all of it. Everybody else reads what is published, unless it is internal,
    meant for departments they are neither in nor below, or about a confidential service they are not offered.
    The department that wrote it, with all below, always belongs to the audience.
    """
    own = Q(department__in=who.writes_for)
    audience = Article.audience.through.objects.filter(article=OuterRef("pk"))
    near = audience.filter(department__public_id__in=who.surroundings)
    meant = ~Q(Exists(audience)) | Q(Exists(near)) | Q(department__public_id__in=who.surroundings)
    shown = Q(state=ArticleState.PUBLISHED, internal=False) & meant
    if who.closed_services:
        about = Article.services.through.objects.filter(
            article=OuterRef("pk"), service__in=who.closed_services
        )
        shown &= ~Q(Exists(about))
    return own | shown


def may_read_article(who: Standing, article: Article) -> Decision:
    """Whether the article is among those the person may read; one query."""
    found = Article.objects.filter(articles_readable_by(who), pk=article.pk).exists()
    return allow() if found else deny("not_in_audience")


def may_write_for(who: Standing, department_id: int) -> Decision:
    """Members and leads of a department write its articles, and whoever owns a service of it."""
    return allow() if department_id in who.writes_for else deny("not_in_department")


def may_write_article(who: Standing, article: Article) -> Decision:
    """Whoever writes for the department of an article edits, publishes and withdraws it."""
    return may_write_for(who, article.department_id)


def may_vote(who: Standing, article: Article) -> Decision:
    """Readers say whether a published article helped; nobody judges what they wrote."""
    if article.state != ArticleState.PUBLISHED:
        return deny("not_published")
    wrote = ArticleVersion.objects.filter(article=article, by=who.person_id).exists()
    return deny("own_work") if wrote else may_read_article(who, article)


def may_draft_from(who: Standing, ticket: Ticket) -> Decision:
    """Those who served a solved request make an article of it; never of a confidential one."""
    if ticket.confidential:
        return deny("confidential")
    if ticket.state in OPEN_TICKET_STATES or ticket.resolved_at is None:
        return deny("not_resolved")
    return may_read_internal(who, ticket) if who.writes_for else deny("not_serving")


def writes_articles(person: Any) -> Decision:  # noqa: ANN401 - a visitor or a person
    """Open the door of the writers' pages: somebody who writes for some department; each article is decided alone."""
    if not isinstance(person, Person):
        return deny("anonymous")
    who = standing(person, now=timezone.now())  # noqa: TID251 - a door has no clock of its own
    return allow() if who.writes_for else deny("not_serving")


WRITE_ARTICLES = declare("desk.write_articles", writes_articles)


def may_keep_recurring(who: Standing, one: RecurringRequest) -> Decision:
    """Whoever set it up, the requester, and the service's owner pause, resume and stop a recurring request."""
    if who.person_id in (one.set_up_by_id, one.requester_id) or one.service_id in who.owns:
        return allow()
    return deny("not_requester")


def may_check(who: Standing, check: QualityCheck, workers: Collection[int]) -> Decision:
    """The checker does a quality check, or who stands in for them; never anybody who had to do with the request."""
    if who.person_id in workers:
        return deny("own_work")
    return allow() if check.checker_id in who.acting_for else deny("not_checker")


def may_share_view(who: Standing, department_id: int | None) -> Decision:
    """A view or macro is one's own, or shared with a department by somebody who works for it or leads it."""
    if department_id is None or who.serves_in(department_id):
        return allow()
    return deny("not_in_department")


def may_change_view(who: Standing, view: SavedView | Macro) -> Decision:
    """One changes one's own view or macro; a shared one whoever works for its department or leads it."""
    if view.department_id is None:
        return allow() if view.owner_id == who.person_id else deny("not_owner")
    return may_share_view(who, view.department_id)


# Rules and the giving out of work


def may_manage_assignment(who: Standing, department_id: int) -> Decision:
    """Who leads a department decides how its work is given out and what its people can take."""
    return allow() if department_id in who.leads else deny("not_lead")


def may_manage_rules(who: Standing, department_id: int | None) -> Decision:
    """Leads make the rules of their departments, owners those of their services' departments; administrators all.

    Rules of the whole organisation (None) are the administrator's alone.
    """
    if who.administers:
        return allow()
    if department_id is None:
        return deny("not_administrator")
    if department_id in who.leads or department_id in who.owning_departments:
        return allow()
    return deny("not_lead")


def may_read_rule(who: Standing, department_id: int | None) -> Decision:
    """Who works under a rule may read it: the department's people; those of the organisation everybody who serves."""
    if may_manage_rules(who, department_id):
        return allow()
    served = bool(who.serves) if department_id is None else who.serves_in(department_id)
    return allow() if served else deny("not_in_department")
