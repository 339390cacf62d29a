"""What kinds of notices the desk leaves, and what may be said of a request in them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from neike.desk import policies, queries
from neike.desk.telling import SUBJECT, label_of
from neike.engines.delivery import Mode, Urgency
from neike.kernel.notices.kinds import (
    GROUPS,
    KINDS,
    MAIL,
    SUBJECTS,
    NoticeGroup,
    NoticeKind,
    NoticeSubject,
    SubjectShown,
)

_ASKED, _WORK, _DECIDE, _PROMISE, _TALK, _CARE = (
    "desk.asked",
    "desk.work",
    "desk.decide",
    "desk.promises",
    "desk.talk",
    "desk.care",
)
for _order, (_key, _label) in enumerate(
    (
        (_DECIDE, _("What you are asked to decide")),
        (_WORK, _("Work for you and your department")),
        (_PROMISE, _("Promises that run out")),
        (_ASKED, _("What you asked for")),
        (_TALK, _("Messages and requests you follow")),
        (_CARE, _("Knowledge and quality")),
    ),
    start=1,
):
    GROUPS.register(NoticeGroup(key=_key, order=_order * 10, label=_label))

_TO_YOU = _("The next move is yours.")
_TO_DEPARTMENT = _("You lead the department, or nobody leads it and you work its queue.")
_ASKED_FOR = _("You asked for it, or somebody did on your behalf.")

# (group, key, label, why, urgency, may the bell stay silent); the mail of what is somebody's move goes at once
_KINDS: tuple[tuple[str, str, Any, Any, Urgency, bool], ...] = (
    (_DECIDE, "approval_asked", _("Your approval is asked"), _TO_YOU, Urgency.ACTION, False),
    (_WORK, "leg_offered", _("Work offered to your department"), _TO_DEPARTMENT, Urgency.ACTION, True),
    (_WORK, "leg_assigned", _("Work given to you"), _TO_YOU, Urgency.ACTION, False),
    (_WORK, "leg_returned", _("Work you handed over came back"), _TO_YOU, Urgency.ACTION, True),
    (_WORK, "leg_delivered", _("What you handed over is delivered"), _TO_YOU, Urgency.ACTION, True),
    (_WORK, "leg_reworked", _("Your result was sent back"), _TO_YOU, Urgency.ACTION, True),
    (_WORK, "ticket_reopened", _("A request you resolved was reopened"), _TO_YOU, Urgency.ACTION, True),
    (_WORK, "task_opened", _("A task for your department"), _TO_DEPARTMENT, Urgency.ACTION, True),
    (_WORK, "task_assigned", _("A task given to you"), _TO_YOU, Urgency.ACTION, False),
    (_WORK, "leg_unassigned", _("Work nobody has taken"), _TO_DEPARTMENT, Urgency.ACTION, True),
    (_WORK, "ticket_cancelled", _("A request was withdrawn"), _("You work on it or asked for it."), Urgency.NORMAL, True),
    (_WORK, "rule_noticed", _("A rule tells you of something"), _("A rule of the department names you."), Urgency.NORMAL, True),
    (_PROMISE, "clock_warned", _("A promise is nearly used up or missed"), _("You work on it or lead the department."), Urgency.ACTION, True),
    (_PROMISE, "clock_escalated", _("A missed promise is passed up to you"), _("You are the next step of the department's escalation."), Urgency.ACTION, True),
    (_ASKED, "leg_waiting", _("A question for you"), _TO_YOU, Urgency.ACTION, False),
    (_ASKED, "requester_reminded", _("Your answer is still needed"), _TO_YOU, Urgency.ACTION, False),
    (_ASKED, "ticket_resolved", _("Your request is resolved"), _ASKED_FOR, Urgency.ACTION, True),
    (_ASKED, "ticket_rejected", _("Your request was not approved"), _ASKED_FOR, Urgency.ACTION, True),
    (_ASKED, "approval_decided", _("An approval was given or refused"), _ASKED_FOR, Urgency.NORMAL, True),
    (_ASKED, "ticket_submitted", _("Somebody made a request for you"), _ASKED_FOR, Urgency.NORMAL, True),
    (_ASKED, "ticket_merged", _("A request was merged into another"), _("You asked for it, work on it or follow it."), Urgency.NORMAL, True),
    (_ASKED, "ticket_unmerged", _("Merging requests was undone"), _("You asked for it, work on it or follow it."), Urgency.NORMAL, True),
    (_ASKED, "recurring_made", _("A recurring request was made again"), _("You set it up, or it is for you."), Urgency.LOW, True),
    (_ASKED, "recurring_stopped", _("A recurring request has ended"), _("You set it up, or it is for you."), Urgency.NORMAL, True),
    (_TALK, "message_posted", _("Somebody wrote"), _("You asked for it, work on it or follow it."), Urgency.NORMAL, True),
    (_TALK, "snooze_over", _("A request you hid is back"), _("You wanted to see it again now."), Urgency.NORMAL, True),
    (_TALK, "reminder", _("Your own reminders"), _("You wanted to be reminded."), Urgency.NORMAL, True),
    (_TALK, "participant_added", _("You follow a request now"), _("Somebody added you."), Urgency.LOW, True),
    (_TALK, "incident", _("An incident or outage of a department"), _("You use the service, or a request of yours is linked."), Urgency.NORMAL, True),
    (_CARE, "quality_check", _("A quality check waits for you"), _TO_YOU, Urgency.ACTION, True),
    (_CARE, "article_review", _("An article is to be looked at again"), _("You look after the article."), Urgency.LOW, True),
)  # fmt: skip
_AT_ONCE = {"message_posted", "rule_noticed"}

for _order, (_group, _name, _label, _why, _urgency, _off) in enumerate(_KINDS, start=1):
    KINDS.register(
        NoticeKind(
            key=f"desk.{_name}",
            order=_order * 10,
            group=_group,
            label=_label,
            because=_why,
            urgency=_urgency,
            may_be_off=_off,
            modes={MAIL: Mode.AT_ONCE} if _name in _AT_ONCE else {},
        )
    )


def _shown(person: Any, ids: Collection[int], now: datetime) -> Mapping[int, SubjectShown]:  # noqa: ANN401
    """Say which requests the person may read now, and what they are called; one query beside the standing."""
    who = policies.standing(person, now=now)
    rows = queries.tickets_visible_to(who).filter(pk__in=ids)
    return {row.pk: SubjectShown(label_of(row), hush=row.confidential) for row in rows}


SUBJECTS.register(NoticeSubject(key=SUBJECT, order=10, shown=_shown))
