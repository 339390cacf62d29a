"""Services, their request forms and their versioned standards."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import (
    HandOverMode,
    Priority,
    ServiceState,
    StandardState,
    StepJoin,
    StepKind,
    TargetMetric,
)
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class Service(models.Model):
    """What a department offers to its internal customers.

    `is_catch_all` marks the department's "I need help with something else"; its standard is the one
    that applies where nothing more specific is promised, so that no work is ever without a promise.
    `audience` is {} for everybody, else {"departments": [public ids]} and includes their subtrees.
    A confidential service shows its requests to the requester and the people on its legs only.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=64, unique=True)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="services"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = LocalizedTextField(_("name"))
    summary = LocalizedTextField(_("summary"))
    description = LocalizedTextField(_("description"))
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    icon = models.CharField(_("icon"), max_length=40, default="tools")
    state = models.CharField(
        _("state"), max_length=10, choices=ServiceState, default=ServiceState.DRAFT
    )
    audience = models.JSONField(_("audience"), default=dict, blank=True)
    confidential = models.BooleanField(_("confidential"), default=False)
    is_catch_all = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)
    form = models.ForeignKey(
        "catalog.FormVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    standard = models.ForeignKey(
        "catalog.ServiceStandard", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["department"],
                condition=models.Q(is_catch_all=True),
                name="catalog_service_one_catch_all",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ServiceState.PUBLISHED)
                | models.Q(form__isnull=False, standard__isnull=False),
                name="catalog_published_has_form_and_standard",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "order"], name="catalog_by_department")
        ]

    def __str__(self) -> str:
        return str(self.name)


class FormerProvider(models.Model):
    """Which department offered a service until a day (exclusive), and since the row before it or the beginning."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="former_providers")
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    until = models.DateField(_("until"))

    class Meta:
        ordering = ["service", "until"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "until"], name="catalog_former_provider_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id} @ {self.department_id}"


class FormVersion(models.Model):
    """A request form as published; never changed afterwards.

    `fields` is a list of {"key", "type", "label", "help", "required", "choices", "show_if", ...}
    as `catalog.form_schema` reads it.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="forms")
    version = models.PositiveIntegerField(_("version"))
    fields = models.JSONField(default=list)
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="catalog_form_version")
        ]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.version}"


class ServiceStandard(models.Model):
    """A version of what a service promises: targets, calendar, pause rules, steps, quality criteria.

    Fixed once published; requests keep the version they were made under (R16).
    `quality_criteria` is a list of texts in several languages. `steps_join` tells whether the owner may
    deliver when all steps that nothing waits for are done, or when the first is.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="standards")
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=StandardState, default=StandardState.DRAFT
    )
    calendar = models.ForeignKey("org.BusinessCalendar", on_delete=models.PROTECT, related_name="+")
    third_party_pauses = models.BooleanField(
        _("waiting for an outside supplier pauses the delivery of a leg"), default=False
    )
    default_priority = models.CharField(
        _("usual priority"), max_length=1, choices=Priority, default=Priority.NORMAL
    )
    quality_criteria = models.JSONField(_("quality criteria"), default=list, blank=True)
    steps_join = models.CharField(
        _("the plan is done with"), max_length=3, choices=StepJoin, default=StepJoin.ALL
    )
    promise = LocalizedTextField(_("what we promise"))
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="catalog_standard_version"),
            models.CheckConstraint(
                condition=~models.Q(state=StandardState.PUBLISHED)
                | models.Q(published_at__isnull=False),
                name="catalog_standard_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.version}"


class StandardTarget(models.Model):
    """One promise in working seconds: a metric, for one priority or (blank) for every other."""

    standard = models.ForeignKey(ServiceStandard, on_delete=models.CASCADE, related_name="targets")
    metric = models.CharField(_("metric"), max_length=16, choices=TargetMetric)
    priority = models.CharField(_("priority"), max_length=1, choices=Priority, blank=True)
    seconds = models.PositiveIntegerField(_("working time"))

    class Meta:
        ordering = ["metric", "priority"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "metric", "priority"], name="catalog_target_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(seconds__gt=0), name="catalog_target_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.priority} {self.seconds}s"


class StandardStep(models.Model):
    """One step of the plan by which a service is fulfilled: who does it, what, and after what.

    A step that is not `automatic` describes what the owner does or hands on by hand. An automatic one begins
    by itself once the steps named by `after` (keys of this plan) are done, all or the first of them (`join`),
    if `show_if` holds for the answers: a condition as form fields have it, {} for always.

    `department` serves a leg, does a task (None: the owning department), or is the one whose head approves.
    `seconds` is the working time promised for it. Tasks have a `checklist` of texts in several languages.
    Approvals have `approvers`, a list of {"by": an `ApproverRule`, "person" | "position" | "department":
    public id}, of whom as many must agree as `quorum` says: "all", "any", or a number in digits.
    """

    standard = models.ForeignKey(ServiceStandard, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(_("key"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=StepKind, default=StepKind.LEG)
    automatic = models.BooleanField(_("begins by itself"), default=False)
    after = models.JSONField(_("after"), default=list, blank=True)
    join = models.CharField(
        _("of those before"), max_length=3, choices=StepJoin, default=StepJoin.ALL
    )
    show_if = models.JSONField(_("only if"), default=dict, blank=True)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = LocalizedTextField(_("title"))
    mode = models.CharField(
        _("hand-over"), max_length=8, choices=HandOverMode, default=HandOverMode.RELAY
    )
    seconds = models.PositiveIntegerField(_("working time"), null=True, blank=True)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)
    approvers = models.JSONField(_("approvers"), default=list, blank=True)
    quorum = models.CharField(_("how many must approve"), max_length=4, default="all")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "order"], name="catalog_step_order"),
            models.UniqueConstraint(
                fields=["standard", "key"], condition=~models.Q(key=""), name="catalog_step_key"
            ),
            models.CheckConstraint(
                condition=models.Q(automatic=False) | ~models.Q(key=""),
                name="catalog_automatic_step_has_key",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=StepKind.LEG) | models.Q(department__isnull=False),
                name="catalog_leg_has_department",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)
