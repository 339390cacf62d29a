"""Words the notices store."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DigestRhythm(models.TextChoices):
    """How often a digest goes out."""

    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("once a week")
    NONE = "none", _("never")


class DeliveryMode(models.TextChoices):
    """What a person wants of one kind of notice on one channel outside the product."""

    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("in the digest")
    OFF = "off", pgettext_lazy("notice", "not at all")


class DeliveryState(models.TextChoices):
    """How far the delivery of a notice on a channel is."""

    WAITING = "waiting", _("waiting")
    TOLD = "told", _("told")
    DROPPED = "dropped", _("not told")


class DeliveryReason(models.TextChoices):
    """Why a notice is told when it is, or not at all: the words of `engines.delivery` and our own."""

    AT_ONCE = "at_once", pgettext_lazy("notice", "at once")
    URGENT = "urgent", _("urgent, so at any time")
    GATHERED = "gathered", _("a few minutes later, together with what else happens")
    SPACED = "spaced", _("a few minutes after the last mail")
    QUIET = "quiet", _("after your quiet hours")
    OFF_HOURS = "off_hours", _("in your working time")
    AWAY = "away", _("after your absence")
    BOUND = "bound", _("after four days at the latest, though nobody works then")
    DIGEST = "digest", _("with the digest")
    NO_DIGEST = "no_digest", _("you want no digest")
    OFF = "off", _("you switched it off")
    MUTED = "muted", _("you muted it")
    READ = "read", _("you have read it already")
    NOT_PERMITTED = "not_permitted", _("you may no longer see what it is about")
