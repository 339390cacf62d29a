"""Rules: when something happens to a request and conditions hold, something is done by itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import FiringOutcome, RuleJoin, RuleTrigger
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class Rule(models.Model):
    """A rule of a department, or (None) of the whole organisation. What it says stands in its versions."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = LocalizedTextField(_("name"))
    order = models.PositiveSmallIntegerField(_("place in the order"), default=100)
    active = models.BooleanField(_("on"), default=False)
    current = models.ForeignKey(
        "desk.RuleVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(active=False) | models.Q(current__isnull=False),
                name="desk_rule_active_says_something",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class RuleVersion(models.Model):
    """What a rule says; never changed, a change is a new version.

    `amount` is in working hours for the triggers of time, else None. `conditions` are those of `engines.rules`;
    `actions` a list of {"do": one of `RuleAction`, …} in the order they are done.
    """

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    trigger = models.CharField(_("when"), max_length=20, choices=RuleTrigger)
    amount = models.PositiveSmallIntegerField(_("working hours"), null=True, blank=True)
    join = models.CharField(max_length=3, choices=RuleJoin, default=RuleJoin.ALL)
    conditions = models.JSONField(default=list, blank=True)
    actions = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ["rule", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="desk_rule_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.number}"


class RuleFiring(models.Model):
    """One time a rule fired on a request: why, and what it did.

    `key` names the cause within the request, so that what is told twice is done once; `seq` is the request's
    version afterwards. `facts` are the conditions that held; `results` a list of {"do", "done", "why"}.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="firings", db_index=False)
    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    fired_at = models.DateTimeField(_("fired at"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=FiringOutcome)
    facts = models.JSONField(default=list)
    results = models.JSONField(default=list)

    class Meta:
        ordering = ["-fired_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "ticket", "key"], name="desk_rule_fires_once")
        ]
        indexes = [models.Index(fields=["rule", "-fired_at"], name="desk_rule_log")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.ticket_id} {self.key}"
