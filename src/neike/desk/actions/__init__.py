"""What people, programs and time can do with requests. All keyword-only; `now` is aware.

`version` is that of the ticket or leg the person saw; a stale one raises with what has changed since.
"""

from neike.desk.actions.drafts import discard_draft, save_draft
from neike.desk.actions.errors import (
    AnswersWrongError,
    BadTextError,
    DeskError,
    FollowUpDateError,
    LegChangedError,
    NothingToReturnError,
    NotPossibleError,
    OpenLegsError,
    ReasonNeededError,
    ReopenWindowOverError,
    RequesterWithoutDepartmentError,
    SameDepartmentError,
    ServiceNotOfferedError,
    TicketChangedError,
    WrongAssigneeError,
)
from neike.desk.actions.handovers import (
    confirm_leg,
    hand_over,
    return_leg,
    rework_leg,
    withdraw_leg,
)
from neike.desk.actions.legs import (
    accept_leg,
    assign_leg,
    deliver_leg,
    resume_leg,
    start_leg,
    wait_leg,
)
from neike.desk.actions.messages import post_message
from neike.desk.actions.participants import add_participant, remove_participant
from neike.desk.actions.submitting import follow_up, submit
from neike.desk.actions.tickets import cancel, change_priority, confirm, reopen, resolve

__all__ = [
    "AnswersWrongError",
    "BadTextError",
    "DeskError",
    "FollowUpDateError",
    "LegChangedError",
    "NotPossibleError",
    "NothingToReturnError",
    "OpenLegsError",
    "ReasonNeededError",
    "ReopenWindowOverError",
    "RequesterWithoutDepartmentError",
    "SameDepartmentError",
    "ServiceNotOfferedError",
    "TicketChangedError",
    "WrongAssigneeError",
    "accept_leg",
    "add_participant",
    "assign_leg",
    "cancel",
    "change_priority",
    "confirm",
    "confirm_leg",
    "deliver_leg",
    "discard_draft",
    "follow_up",
    "hand_over",
    "post_message",
    "remove_participant",
    "reopen",
    "resolve",
    "resume_leg",
    "return_leg",
    "rework_leg",
    "save_draft",
    "start_leg",
    "submit",
    "wait_leg",
    "withdraw_leg",
]
