"""Enumerations of the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketState(models.TextChoices):
    """What the requester sees: six words and two ends (esm 4.1). A draft is kept apart."""

    SUBMITTED = "submitted", _("submitted")
    IN_APPROVAL = "in_approval", _("in approval")
    IN_PROGRESS = "in_progress", _("in progress")
    WAITING = "waiting", _("waiting for you")
    RESOLVED = "resolved", _("resolved, please confirm")
    CLOSED = "closed", _("closed")
    REJECTED = "rejected", _("rejected")
    CANCELLED = "cancelled", _("withdrawn")
    MERGED = "merged", _("merged into another request")


OPEN_TICKET_STATES = (
    TicketState.SUBMITTED,
    TicketState.IN_APPROVAL,
    TicketState.IN_PROGRESS,
    TicketState.WAITING,
)
FINAL_TICKET_STATES = (
    TicketState.CLOSED,
    TicketState.REJECTED,
    TicketState.CANCELLED,
    TicketState.MERGED,
)


class LegState(models.TextChoices):
    """Where a hand-over stands (esm 4.2)."""

    OFFERED = "offered", _("to be accepted")
    ACCEPTED = "accepted", _("accepted")
    WORKING = "working", _("being worked on")
    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    CONFIRMED = "confirmed", _("confirmed")
    RETURNED = "returned", _("returned")
    REWORK = "rework", _("in rework")
    TRANSFERRED = "transferred", _("handed on")
    CANCELLED = "cancelled", _("cancelled")


OPEN_LEG_STATES = (
    LegState.OFFERED,
    LegState.ACCEPTED,
    LegState.WORKING,
    LegState.WAITING,
    LegState.REWORK,
)
DELIVERED_LEG_STATES = (LegState.DELIVERED, LegState.CONFIRMED)


class WaitingOn(models.TextChoices):
    """Whose move it is (R7). The codes are those of `engines.clocks.WaitingOn`."""

    SUPPLIER = "supplier", _("the serving department")
    REQUESTER = "requester", _("the requester")
    APPROVER = "approver", _("an approver")
    THIRD_PARTY = "third_party", _("an outside supplier")
    OTHER_LEG = "other_leg", _("another department")
    NONE = "none", _("nobody")


class ReturnReason(models.TextChoices):
    """Why a leg was sent back."""

    WRONG_DEPARTMENT = "wrong_department", _("not our department")
    MISSING_INFORMATION = "missing_information", _("information is missing")
    NOT_IN_CATALOGUE = "not_in_catalogue", _("not something we offer")


class Channel(models.TextChoices):
    """How a request came in."""

    PORTAL = "portal", _("portal")
    ON_BEHALF = "on_behalf", _("on behalf")
    API = "api", _("API")
    IMPORT = "import", _("import")
    DEMO = "demo", _("demo company")


class Visibility(models.TextChoices):
    """Who reads a message."""

    PUBLIC = "public", _("requester and departments")
    INTERNAL = "internal", _("serving departments only")


class ClockState(models.TextChoices):
    """Where a clock stands. The codes are those of `engines.clocks.ClockState`."""

    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    MET = "met", _("kept")
    BREACHED = "breached", _("missed")
    VOID = "void", _("void")


class ApprovalState(models.TextChoices):
    """Where an approval stands. The first three are those of `engines.approvals.Verdict`."""

    OPEN = "open", _("waits for approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("not needed any more")


class Vote(models.TextChoices):
    """What one who was asked has said."""

    OPEN = "open", _("has not decided")
    YES = "yes", _("approves")
    NO = "no", _("refuses")


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", _("to do")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class EventKind(models.TextChoices):
    """What can happen to a ticket. Facts only: clocks are derived, never authored."""

    SUBMITTED = "submitted", _("request submitted")
    LEG_OFFERED = "leg_offered", _("offered to a department")
    LEG_ACCEPTED = "leg_accepted", _("accepted")
    LEG_RETURNED = "leg_returned", _("returned")
    LEG_ASSIGNED = "leg_assigned", _("assigned")
    LEG_STARTED = "leg_started", _("work started")
    LEG_WAITING = "leg_waiting", _("work waits")
    LEG_REMINDED = "leg_reminded", _("requester reminded")
    LEG_RESUMED = "leg_resumed", _("work goes on")
    LEG_DELIVERED = "leg_delivered", _("delivered")
    LEG_CONFIRMED = "leg_confirmed", _("delivery confirmed")
    LEG_REWORK = "leg_rework", _("sent back for rework")
    LEG_CANCELLED = "leg_cancelled", _("leg cancelled")
    MESSAGE_POSTED = "message_posted", _("message")
    PARTICIPANT_ADDED = "participant_added", _("somebody follows")
    PARTICIPANT_REMOVED = "participant_removed", _("somebody follows no more")
    PRIORITY_CHANGED = "priority_changed", _("priority changed")
    RESOLVED = "resolved", _("resolved")
    CONFIRMED = "confirmed", _("confirmed and closed")
    REOPENED = "reopened", _("reopened")
    REJECTED = "rejected", _("rejected")
    LEG_RELEASED = "leg_released", _("work may begin")
    APPROVAL_ASKED = "approval_asked", _("approval asked")
    APPROVAL_GIVEN = "approval_given", _("approved")
    APPROVAL_REFUSED = "approval_refused", _("approval refused")
    APPROVAL_MOVED = "approval_moved", _("another approver is asked")
    APPROVAL_WITHDRAWN = "approval_withdrawn", _("approval not needed any more")
    TASK_OPENED = "task_opened", _("task opened")
    TASK_ASSIGNED = "task_assigned", _("task assigned")
    TASK_TICKED = "task_ticked", _("point of a checklist ticked")
    TASK_DONE = "task_done", _("task done")
    TASK_REOPENED = "task_reopened", _("task reopened")
    TASK_DROPPED = "task_dropped", _("task dropped")
    STEP_SKIPPED = "step_skipped", _("step of the plan left out")
    INCIDENT_LINKED = "incident_linked", _("linked to a major incident")
    INCIDENT_UNLINKED = "incident_unlinked", _("no longer linked to a major incident")
    CANCELLED = "cancelled", _("withdrawn")
    LINKED = "linked", _("related to another request")
    UNLINKED = "unlinked", _("related to another request no more")
    MERGED = "merged", _("merged into another request")
    UNMERGED = "unmerged", _("merging undone")


class LinkKind(models.TextChoices):
    """How a request is related to another one, seen from the first; `MIRROR` says how the other sees it."""

    RELATED = "related", _("see also")
    DUPLICATES = "duplicates", _("duplicates")
    DUPLICATED_BY = "duplicated_by", _("is duplicated by")
    CAUSED_BY = "caused_by", _("is caused by")
    CAUSES = "causes", _("causes")
    CHILD_OF = "child_of", _("is part of")
    PARENT_OF = "parent_of", _("has as part")
    MERGED_INTO = "merged_into", _("was merged into")
    MERGED_FROM = "merged_from", _("has taken in")
    SPLIT_FROM = "split_from", _("was split from")
    SPLIT_INTO = "split_into", _("was split into")


MIRROR = {
    LinkKind.RELATED: LinkKind.RELATED,
    LinkKind.DUPLICATES: LinkKind.DUPLICATED_BY,
    LinkKind.DUPLICATED_BY: LinkKind.DUPLICATES,
    LinkKind.CAUSED_BY: LinkKind.CAUSES,
    LinkKind.CAUSES: LinkKind.CAUSED_BY,
    LinkKind.CHILD_OF: LinkKind.PARENT_OF,
    LinkKind.PARENT_OF: LinkKind.CHILD_OF,
    LinkKind.MERGED_INTO: LinkKind.MERGED_FROM,
    LinkKind.MERGED_FROM: LinkKind.MERGED_INTO,
    LinkKind.SPLIT_FROM: LinkKind.SPLIT_INTO,
    LinkKind.SPLIT_INTO: LinkKind.SPLIT_FROM,
}
CHOSEN_LINKS = (
    LinkKind.RELATED,
    LinkKind.DUPLICATES,
    LinkKind.DUPLICATED_BY,
    LinkKind.CAUSED_BY,
    LinkKind.CAUSES,
    LinkKind.CHILD_OF,
    LinkKind.PARENT_OF,
)
"""What people choose; the others follow from merging and splitting."""
FAMILY_LINKS = (LinkKind.CHILD_OF, LinkKind.PARENT_OF)


class ArticleState(models.TextChoices):
    """Where a knowledge article stands: only a published one is read beyond those who write it."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("withdrawn from use")


class RepeatRhythm(models.TextChoices):
    """How often a request is made again. The codes are those of `engines.recurrence.Rhythm`."""

    WEEKLY = "weekly", _("every week")
    MONTHLY = "monthly", _("every month")
    QUARTERLY = "quarterly", _("every three months")


class DateShift(models.TextChoices):
    """Where a date goes that is not worked. The codes are those of `engines.recurrence.Shift`."""

    AFTER = "after", _("the next working day")
    BEFORE = "before", _("the working day before")
    NONE = "none", _("keep the date")


class RecurringState(models.TextChoices):
    """Whether a recurring request goes on."""

    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")


class StopReason(models.TextChoices):
    """Why a recurring request was stopped."""

    BY_HAND = "by_hand", _("stopped by hand")
    OVER = "over", _("its last date has passed")
    LEFT = "left", _("somebody it needs has left")
    NOT_OFFERED = "not_offered", _("the service is no longer offered")
    NOT_ALLOWED = "not_allowed", _("whoever set it up may not ask for this person any more")
    FORM = "form", _("the request form has changed and the answers no longer fit")
    HOMELESS = "homeless", _("the requester has no department")


class QualityVerdict(models.TextChoices):
    """What a quality check found about one criterion."""

    PASS = "pass", _("met")
    FAIL = "fail", _("not met")
    NOT_APPLICABLE = "na", _("does not apply")


class BulkAction(models.TextChoices):
    """What can be done to many requests at once."""

    ACCEPT = "accept", _("Accept")
    ASSIGN = "assign", _("Assign")
    PRIORITY = "priority", _("Set the priority")
    REPLY = "reply", _("Reply")
    HAND_OVER = "hand_over", _("Hand over")
    DELIVER = "deliver", _("Deliver")
    WATCHER = "watcher", _("Add a follower")
    MERGE = "merge", _("Merge into another request")
    LINK = "link", _("Relate to another request")
    SNOOZE = "snooze", _("Hide until later")
    INCIDENT = "incident", _("Link to a major incident")
    RESOLVE = "resolve", _("Resolve together")


class BulkState(models.TextChoices):
    """Where a bulk action stands."""

    RUNNING = "running", _("at work")
    DONE = "done", _("finished")
    UNDONE = "undone", _("undone")


class RowState(models.TextChoices):
    """What came of a bulk action for one request."""

    WAITING = "waiting", _("not yet")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    UNDONE = "undone", _("undone")
    KEPT = "kept", _("could not be undone")


class AssignmentMode(models.TextChoices):
    """How a department gives out its work. The codes are those of `engines.assignment.Mode`."""

    OFF = "off", _("people take it themselves")
    TURN = "turn", _("in turn")
    LOAD = "load", _("who has the most room")
    SKILL = "skill", _("who can do it, then who has the most room")


class RuleTrigger(models.TextChoices):
    """What sets a rule off; the last three are by time."""

    SUBMITTED = "submitted", _("a request is made")
    OFFERED = "offered", _("work is offered to the department")
    ACCEPTED = "accepted", _("work is accepted")
    RETURNED = "returned", _("work is returned")
    DELIVERED = "delivered", _("work is delivered")
    REPLIED = "replied", _("the requester writes")
    CLOCK_75 = "clock_75", _("75 percent of a promise are used")
    CLOCK_100 = "clock_100", _("a promise is missed")
    APPROVAL_DECIDED = "approval_decided", _("an approval is decided")
    QUIET = "quiet", _("nothing happens for some hours")
    WAITING = "waiting", _("work waits for some hours")
    DUE = "due", _("something is due in some hours")


TIME_TRIGGERS = (RuleTrigger.QUIET, RuleTrigger.WAITING, RuleTrigger.DUE)


class RuleJoin(models.TextChoices):
    """How many conditions must hold. The codes are those of `engines.rules.Join`."""

    ALL = "all", _("all of these hold")
    ANY = "any", _("any of these holds")


class RuleAction(models.TextChoices):
    """What a rule can do."""

    ASSIGN = "assign", _("assign")
    SET_PRIORITY = "set_priority", _("set the priority")
    WATCH = "watch", _("let somebody follow")
    NOTE = "note", _("leave an internal note")
    MESSAGE = "message", _("send an automatic message")
    TASK = "task", _("open a task")
    HAND_OVER = "hand_over", _("hand over")
    ASK_APPROVAL = "ask_approval", _("ask for approval")
    NOTIFY = "notify", _("notify")


class FiringOutcome(models.TextChoices):
    """What became of a rule that fired."""

    DONE = "done", _("done")
    PARTLY = "partly", _("partly done")
    REFUSED = "refused", _("refused")
    STOPPED = "stopped", _("stopped by the loop guard")


class Later(models.TextChoices):
    """When somebody wants to see a request again. The codes are those of `engines.later.Later`."""

    TODAY = "today", _("Later today")
    TOMORROW = "tomorrow", _("Tomorrow morning")
    WEEK = "week", _("Next Monday")
    DATE = "date", _("On a date")


class EscalationWhom(models.TextChoices):
    """Who is told when a promise is missed for longer."""

    SUBSTITUTE = "substitute", _("who stands in for the person working on it")
    DESK = "desk", _("everybody of the department")
    LEAD = "lead", _("the department's lead")
    LEAD_ABOVE = "lead_above", _("the lead of the department above")
    PERSON = "person", _("a person")


class NoticeKind(models.TextChoices):
    """What a department tells its customers."""

    OUTAGE = "outage", _("planned outage")
    INCIDENT = "incident", _("major incident")


class NoticeState(models.TextChoices):
    """Where a department notice stands."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    ENDED = "ended", _("over")
    WITHDRAWN = "withdrawn", _("withdrawn")


class NoticeChange(models.TextChoices):
    """What can happen to a department notice."""

    DRAFTED = "drafted", _("drafted")
    CHANGED = "changed", _("changed")
    PUBLISHED = "published", _("published")
    UPDATED = "updated", _("update")
    ENDED = "ended", _("ended")
    WITHDRAWN = "withdrawn", _("withdrawn")
