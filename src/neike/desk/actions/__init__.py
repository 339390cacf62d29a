"""What people, programs and time can do with requests. All keyword-only; `now` is aware.

`version` is that of the ticket or leg the person saw; a stale one raises with what has changed since.
"""

from neike.desk.actions.approvals import (
    approve,
    ask_approval,
    ask_before_deciding,
    refuse,
    replace_approver,
    withdraw_approval,
)
from neike.desk.actions.drafts import discard_draft, save_draft
from neike.desk.actions.errors import (
    AnswersWrongError,
    BadTextError,
    ChecklistOpenError,
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
    SelfApprovalError,
    ServiceNotOfferedError,
    StepsMissingError,
    TasksOpenError,
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
from neike.desk.actions.plans import skip_step
from neike.desk.actions.submitting import follow_up, submit
from neike.desk.actions.tasks import (
    assign_task,
    drop_task,
    finish_task,
    open_task,
    reopen_task,
    tick,
)
from neike.desk.actions.tickets import cancel, change_priority, confirm, reopen, resolve

__all__ = [
    "AnswersWrongError",
    "BadTextError",
    "ChecklistOpenError",
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
    "SelfApprovalError",
    "ServiceNotOfferedError",
    "StepsMissingError",
    "TasksOpenError",
    "TicketChangedError",
    "WrongAssigneeError",
    "accept_leg",
    "add_participant",
    "approve",
    "ask_approval",
    "ask_before_deciding",
    "assign_leg",
    "assign_task",
    "cancel",
    "change_priority",
    "confirm",
    "confirm_leg",
    "deliver_leg",
    "discard_draft",
    "drop_task",
    "finish_task",
    "follow_up",
    "hand_over",
    "open_task",
    "post_message",
    "refuse",
    "remove_participant",
    "reopen",
    "reopen_task",
    "replace_approver",
    "resolve",
    "resume_leg",
    "return_leg",
    "rework_leg",
    "save_draft",
    "skip_step",
    "start_leg",
    "submit",
    "tick",
    "wait_leg",
    "withdraw_approval",
    "withdraw_leg",
]
