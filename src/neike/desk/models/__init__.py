"""What is stored about requests: the event log, its projections, and what people wrote."""

from neike.desk.models.approvals import Approval, ApprovalVote
from neike.desk.models.articles import (
    Article,
    ArticleDay,
    ArticleTerm,
    ArticleVersion,
    ArticleVote,
    SearchMiss,
    SearchSalt,
    SearchTrace,
)
from neike.desk.models.assignment import AssignmentPolicy, Capacity, Skill, UnassignedAlarm
from neike.desk.models.checklists import ChecklistTemplate
from neike.desk.models.clocks import Clock
from neike.desk.models.department_notices import DepartmentNotice, IncidentLink, NoticeEntry
from neike.desk.models.escalation import EscalationStep, PromiseTold
from neike.desk.models.events import TicketEvent
from neike.desk.models.legs import OPEN_LEGS, Leg, Segment
from neike.desk.models.links import ApprovalLink
from neike.desk.models.messages import Message, Participant, TicketDraft
from neike.desk.models.own import Mention, OwnSheet
from neike.desk.models.quality import QualityCheck, QualityDraw, QualityFinding, QualityPlan
from neike.desk.models.recurring import RecurringRequest, RecurringRun
from neike.desk.models.relating import TicketLink
from neike.desk.models.rules import Rule, RuleFiring, RuleVersion
from neike.desk.models.tasks import Task
from neike.desk.models.tickets import Ticket, TicketCounter
from neike.desk.models.working import BulkRow, BulkRun, DeskPreference, Macro, SavedView

__all__ = [
    "OPEN_LEGS",
    "Approval",
    "ApprovalLink",
    "ApprovalVote",
    "Article",
    "ArticleDay",
    "ArticleTerm",
    "ArticleVersion",
    "ArticleVote",
    "AssignmentPolicy",
    "BulkRow",
    "BulkRun",
    "Capacity",
    "ChecklistTemplate",
    "Clock",
    "DepartmentNotice",
    "DeskPreference",
    "EscalationStep",
    "IncidentLink",
    "Leg",
    "Macro",
    "Mention",
    "Message",
    "NoticeEntry",
    "OwnSheet",
    "Participant",
    "PromiseTold",
    "QualityCheck",
    "QualityDraw",
    "QualityFinding",
    "QualityPlan",
    "RecurringRequest",
    "RecurringRun",
    "Rule",
    "RuleFiring",
    "RuleVersion",
    "SavedView",
    "SearchMiss",
    "SearchSalt",
    "SearchTrace",
    "Segment",
    "Skill",
    "Task",
    "Ticket",
    "TicketCounter",
    "TicketDraft",
    "TicketEvent",
    "TicketLink",
    "UnassignedAlarm",
]
