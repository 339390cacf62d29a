"""Enumerations of the catalogue."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceState(models.TextChoices):
    """Whether people can ask for a service."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class StandardState(models.TextChoices):
    """A standard is written, then published for good; a newer version replaces it."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class Priority(models.TextChoices):
    """How urgent a request is; sorted by code, most urgent first."""

    URGENT = "1", _("urgent")
    HIGH = "2", _("high")
    NORMAL = "3", _("normal")
    LOW = "4", _("low")


class TargetMetric(models.TextChoices):
    """What a service standard promises. The codes are those of `engines.clocks.Metric`."""

    ACCEPTANCE = "acceptance", _("acceptance")
    FIRST_RESPONSE = "first_response", _("first response")
    NEXT_RESPONSE = "next_response", _("next response")
    LEG_DELIVERY = "leg_delivery", _("delivery of a leg")
    END_TO_END = "end_to_end", _("resolution, end to end")
    APPROVAL = "approval", _("approval")


class HandOverMode(models.TextChoices):
    """How work passes on: the sender waits, leaves, or works on beside it."""

    RELAY = "relay", _("relay")
    TRANSFER = "transfer", _("transfer")
    PARALLEL = "parallel", _("parallel")


class StepKind(models.TextChoices):
    """What a step of a service's plan is."""

    LEG = "leg", _("work of a department")
    TASK = "task", _("task")
    APPROVAL = "approval", _("approval")


class StepJoin(models.TextChoices):
    """How many of the steps before one must be done. The codes are those of `engines.plans.Join`."""

    ALL = "all", _("all of them")
    ANY = "any", _("the first of them")


class ApproverRule(models.TextChoices):
    """Who is asked to approve."""

    MANAGER = "manager", _("the requester's manager")
    DEPARTMENT_LEAD = "department_lead", _("the head of a department")
    POSITION = "position", _("whoever holds a position")
    PERSON = "person", _("a person")


# What a service may be drawn with: names of the kit's icon list.
SERVICE_ICONS: Final = (
    "tools",
    "help",
    "key",
    "lock",
    "fingerprint",
    "device",
    "server",
    "wifi",
    "video",
    "mail",
    "at",
    "table",
    "graph",
    "people",
    "person",
    "directory",
    "certificate",
    "calendar",
    "wallet",
    "shield",
    "handover",
    "training",
    "logout",
    "receipt",
    "coin",
    "file",
    "folder",
    "chart",
    "edit",
    "chair",
    "door",
    "id",
    "coffee",
    "cart",
    "briefcase",
    "plane",
    "seal",
    "car",
    "location",
    "gavel",
    "scale",
    "book",
    "tag",
    "handshake",
    "department",
    "clock",
    "bolt",
    "return",
    "search",
    "ruler",
    "commitment",
    "message",
    "note",
    "phone",
    "photo",
    "print",
    "download",
    "star",
    "globe",
    "route",
    "warning",
    "quiz",
    "target",
    "camera",
)
