"""The forms of the desk's pages. They are kind to people; actions hold the rules."""

from neike.desk.forms.approvals import (
    MOST_ASKED,
    ApproveForm,
    AskApprovalForm,
    QuestionForm,
    RefuseForm,
)
from neike.desk.forms.articles import ArticleForm, VoteForm
from neike.desk.forms.bulk import (
    BulkForm,
    BulkHandOverForm,
    BulkNoteForm,
    BulkPriorityForm,
    BulkReplyForm,
    BulkTextForm,
    BulkWatcherForm,
)
from neike.desk.forms.department_notices import (
    BulkIncidentForm,
    LinkIncidentForm,
    NoticeForm,
    NoticeMoveForm,
    TogetherForm,
)
from neike.desk.forms.escalation import EscalationStepForm
from neike.desk.forms.fields import (
    REASON_LIMIT,
    TEXT_LIMIT,
    EmptyForm,
    FilesField,
    FilesInput,
    MoveForm,
    NoteForm,
    OptionalReasonForm,
    ReasonForm,
)
from neike.desk.forms.legs import (
    MODES,
    AskForm,
    AssignForm,
    HandOverForm,
    PriorityForm,
    ReturnForm,
    WaitForm,
)
from neike.desk.forms.own import BulkLaterForm, LaterForm, ReminderForm, WordsForm
from neike.desk.forms.recurring import WEEKDAYS, ScheduleForm
from neike.desk.forms.related import (
    BulkLinkForm,
    BulkMergeForm,
    LinkForm,
    MergeForm,
    ResolveForm,
    SplitForm,
    UnlinkForm,
    request_label,
)
from neike.desk.forms.requests import FollowerForm, HeadForm, MessageForm
from neike.desk.forms.rules import AssignmentForm, MemberForm, RuleForm, SkillForm
from neike.desk.forms.saved import MacroForm, SavedViewForm
from neike.desk.forms.tasks import ChecklistForm, GiveTaskForm, NewChecklistForm, TaskForm

__all__ = [
    "MODES",
    "MOST_ASKED",
    "REASON_LIMIT",
    "TEXT_LIMIT",
    "WEEKDAYS",
    "ApproveForm",
    "ArticleForm",
    "AskApprovalForm",
    "AskForm",
    "AssignForm",
    "AssignmentForm",
    "BulkForm",
    "BulkHandOverForm",
    "BulkIncidentForm",
    "BulkLaterForm",
    "BulkLinkForm",
    "BulkMergeForm",
    "BulkNoteForm",
    "BulkPriorityForm",
    "BulkReplyForm",
    "BulkTextForm",
    "BulkWatcherForm",
    "ChecklistForm",
    "EmptyForm",
    "EscalationStepForm",
    "FilesField",
    "FilesInput",
    "FollowerForm",
    "GiveTaskForm",
    "HandOverForm",
    "HeadForm",
    "LaterForm",
    "LinkForm",
    "LinkIncidentForm",
    "MacroForm",
    "MemberForm",
    "MergeForm",
    "MessageForm",
    "MoveForm",
    "NewChecklistForm",
    "NoteForm",
    "NoticeForm",
    "NoticeMoveForm",
    "OptionalReasonForm",
    "PriorityForm",
    "QuestionForm",
    "ReasonForm",
    "RefuseForm",
    "ReminderForm",
    "ResolveForm",
    "ReturnForm",
    "RuleForm",
    "SavedViewForm",
    "ScheduleForm",
    "SkillForm",
    "SplitForm",
    "TaskForm",
    "TogetherForm",
    "UnlinkForm",
    "VoteForm",
    "WaitForm",
    "WordsForm",
    "request_label",
]
