"""Asking for approval, deciding, and replacing who cannot decide any more."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from neike.desk import events, policies, queries
from neike.desk.actions import plans
from neike.desk.actions.errors import ApproverGoneError, NotPossibleError, SelfApprovalError
from neike.desk.actions.work import Work, begin, begin_leg, reason, text
from neike.desk.choices import ApprovalState, EventKind, Vote, WaitingOn
from neike.desk.models import Approval, ApprovalVote, Leg
from neike.desk.replay import APPROVER
from neike.desk.replay.approvals import ApprovalCourse
from neike.engines import approvals as engine
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import Person


@transaction.atomic
def approve(*, approval: Approval, by: Person, now: datetime, note: str = "") -> Approval:
    """Agree, for oneself or for whom one stands in; `note` is posted to requester and departments.

    Raises:
        PermissionDenied: `by` is not asked, or has decided.
        NotPossibleError: the approval is over.
    """
    work, votes = _begin(approval, by=by, now=now)
    if note.strip():
        _say(work, note)
    for person_id in votes:
        work.happen(EventKind.APPROVAL_GIVEN, approval=approval.no, person=person_id)
        if not _course(work, approval).is_open:
            break
    return _settle(work, approval)


@transaction.atomic
def refuse(*, approval: Approval, by: Person, why: str, now: datetime) -> Approval:
    """Do not agree; the reason is posted to requester and departments.

    Raises:
        PermissionDenied: `by` is not asked, or has decided.
        ReasonNeededError, BadTextError: no reason, or one that is too long.
        NotPossibleError: the approval is over.
    """
    work, votes = _begin(approval, by=by, now=now)
    given = reason(why)
    _say(work, given)
    for person_id in votes:
        work.happen(
            EventKind.APPROVAL_REFUSED, approval=approval.no, person=person_id, reason=given
        )
        if not _course(work, approval).is_open:
            break
    return _settle(work, approval)


@transaction.atomic
def ask_before_deciding(*, approval: Approval, by: Person, question: str, now: datetime) -> None:
    """Ask the requester and the departments something before deciding; the approval stays open.

    Raises:
        PermissionDenied: `by` is not asked, or has decided.
        BadTextError: no question, or one that is too long.
        NotPossibleError: the approval is over.
    """
    work, _votes = _begin(approval, by=by, now=now)
    _say(work, text(question))
    work.finish()


def _begin(approval: Approval, *, by: Person, now: datetime) -> tuple[Work, list[int]]:
    """Lock the request; return for whom the person decides: themselves first, then those they stand in for."""
    work = begin(approval.ticket, by=by, now=now)
    course = _course(work, approval)
    if not course.is_open:
        raise NotPossibleError("the approval is over")
    require(policies.may_decide(work.who, work.ticket, course.votes.keys()))
    votes = [
        person_id
        for person_id, said in course.votes.items()
        if said["vote"] == Vote.OPEN and person_id in work.who.approves_for
    ]
    if not votes:
        raise NotPossibleError("has decided")
    return work, sorted(votes, key=lambda person_id: person_id != by.pk)


def _course(work: Work, approval: Approval) -> ApprovalCourse:
    return work.log.course.approvals[approval.no]


def _say(work: Work, words: str) -> None:
    message, posted = work.post(text(words), party=APPROVER)
    work.tell(events.MessagePosted, posted, message_id=message.pk, visibility=message.visibility)


def _settle(work: Work, approval: Approval) -> Approval:
    """Draw the consequences of a decision and store it."""
    course = _course(work, approval)
    if not course.is_open:
        _draw_consequences(work, course)
    work.finish()
    return Approval.objects.get(pk=approval.pk)


def _draw_consequences(work: Work, course: ApprovalCourse) -> None:
    approved = course.state == ApprovalState.APPROVED
    decided = work.log.events[-1]
    work.tell(events.ApprovalDecided, decided, no=course.no, approved=approved)
    if course.leg_no is not None:
        leg = work.log.course.legs[course.leg_no]
        if leg.waiting_on == WaitingOn.APPROVER:
            work.happen(EventKind.LEG_RESUMED, course.leg_no, automatic=True)
    elif approved:
        plans.advance(work)
    else:
        event = work.happen(EventKind.REJECTED, approval=course.no)
        work.tell(events.TicketRejected, event)


@transaction.atomic
def ask_approval(
    *,
    leg: Leg,
    by: Person,
    approvers: Collection[Person],
    question: str,
    version: int,
    now: datetime,
    quorum: str = engine.ALL,
) -> Approval:
    """Ask people by hand to approve something of a leg, which waits for them (S9).

    Raises:
        PermissionDenied: the leg is somebody else's.
        LegChangedError: somebody was faster.
        SelfApprovalError: the requester is among those asked.
        ApproverGoneError: somebody asked cannot sign in, or has left.
        BadTextError: no question, or one that is too long.
        NotPossibleError: the leg is not being worked on, or nobody is asked.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_work(work.who, leg))
    work.refuse_stale_leg(leg, version)
    asked = {person.pk: person for person in approvers}
    if not asked:
        raise NotPossibleError("nobody is asked")
    if work.ticket.requester_id in asked:
        raise SelfApprovalError
    on = org_queries.organisation_day(now)
    gone = [person for person in asked.values() if not queries.can_decide(person, on=on)]
    if gone:
        raise ApproverGoneError(gone)
    words = reason(question)
    event = work.happen(
        EventKind.APPROVAL_ASKED,
        leg.no,
        title=LocalizedText.of(zh=words, en=words).as_json(),
        approvers=list(asked),
        needed=engine.needed(quorum, len(asked)),
    )
    no = len(work.log.course.approvals) - 1
    work.tell(events.ApprovalAsked, event, no=no)
    waiting = work.happen(
        EventKind.LEG_WAITING, leg.no, waiting_on=WaitingOn.APPROVER.value, reason=words
    )
    work.tell(events.LegWaiting, waiting, leg_no=leg.no, waiting_on=WaitingOn.APPROVER.value)
    work.finish()
    return work.ticket.approvals.get(no=no)


@transaction.atomic
def withdraw_approval(*, approval: Approval, by: Person, now: datetime) -> Approval:
    """Take back a question asked by hand; its leg goes on.

    Raises:
        PermissionDenied: the leg is somebody else's.
        NotPossibleError: the approval is over, or the plan asks for it.
    """
    work = begin(approval.ticket, by=by, now=now)
    course = _course(work, approval)
    if course.leg_no is None or not course.is_open:
        raise NotPossibleError("the approval is over, or the plan asks for it")
    require(policies.may_work(work.who, work.ticket.legs.get(no=course.leg_no)))
    work.happen(EventKind.APPROVAL_WITHDRAWN, approval=course.no)
    if work.log.course.legs[course.leg_no].waiting_on == WaitingOn.APPROVER:
        work.happen(EventKind.LEG_RESUMED, course.leg_no)
    work.finish()
    return Approval.objects.get(pk=approval.pk)


@transaction.atomic
def replace_approver(*, vote_id: int, now: datetime) -> bool:
    """Ask somebody else in place of an approver who has left; return whether something happened."""
    vote = ApprovalVote.objects.select_related("person", "approval__ticket").get(pk=vote_id)
    work = begin(vote.approval.ticket, by=None, now=now)
    course = _course(work, vote.approval)
    said = course.votes.get(vote.person_id)
    if not course.is_open or said is None or said["vote"] != Vote.OPEN:
        return False
    to = queries.replacement_of(vote.person, work.ticket, on=org_queries.organisation_day(now))
    if to is not None and to.pk == vote.person_id:
        return False
    if to is None and len(course.votes) == 1:
        return False
    event = work.happen(
        EventKind.APPROVAL_MOVED,
        approval=course.no,
        person=vote.person_id,
        to=to.pk if to else None,
    )
    if to is not None:
        work.tell(events.ApprovalAsked, event, no=course.no, instead_of=vote.person_id)
    if _course(work, vote.approval).state != ApprovalState.OPEN:
        _draw_consequences(work, course)
    work.finish()
    return True
