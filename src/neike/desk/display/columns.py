"""The columns of a queue: which there are, what they are called, and which somebody sees."""

from collections.abc import Iterable
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Column(models.TextChoices):
    """What can be shown beside number and subject, in the order of the page."""

    RELAY = "relay", _("Relay")
    STATE = "state", _("State")
    PRIORITY = "priority", _("Priority")
    PROMISE = "promise", _("Promise")
    ASSIGNEE = "assignee", _("Assignee")
    SERVICE = "service", _("Service")
    CUSTOMER = "customer", _("Customer department")
    REQUESTER = "requester", _("Asked by")
    OFFERED = "offered", _("Arrived")
    STILL = "still", _("Unchanged since")
    ACTIVITY = "activity", _("Last activity")


USUAL: Final = (
    Column.RELAY,
    Column.STATE,
    Column.PROMISE,
    Column.ASSIGNEE,
    Column.ACTIVITY,
)


def chosen(keys: Iterable[object]) -> list[Column]:
    """Return the columns of these keys in the order of the page; the usual ones where none is known."""
    wanted = {str(each) for each in keys}
    return [each for each in Column if each.value in wanted] or list(USUAL)
