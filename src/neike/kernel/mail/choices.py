"""Words the mail tables store."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    """How far a mail is."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("not sent")
    DEAD = "dead", _("given up")


class CancelReason(models.TextChoices):
    """Why a mail was not sent."""

    NO_ADDRESS = "no_address", _("the person has no e-mail address")
    LEFT = "left", _("the person has left")
    NOT_PERMITTED = "not_permitted", _("the person may no longer see what it is about")
    OVER_BUDGET = "over_budget", _("too many mails to one person within an hour")
    BAD_HEADER = "bad_header", _("a header would have held a line break or control character")
