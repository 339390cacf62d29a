"""Services, their request forms and their versioned standards."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import (
    HandOverMode,
    Priority,
    ServiceState,
    StandardState,
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


class FormVersion(models.Model):
    """A request form as published; never changed afterwards.

    `fields` is a list of {"key", "type", "label", "help", "required", "choices", "show_if", ...}
    as `catalog.form_schema` reads it.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="forms")
    version = models.PositiveIntegerField(_("version"))
    fields = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="catalog_form_version")
        ]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.version}"


class ServiceStandard(models.Model):
    """A version of what a service promises: targets, calendar, pause rules, steps, quality criteria.

    Fixed once published; requests keep the version they were made under (R16).
    `quality_criteria` is a list of texts in several languages.
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
    """One step of how a service is delivered: who does it, what, and how it is handed on."""

    standard = models.ForeignKey(ServiceStandard, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    title = LocalizedTextField(_("title"))
    mode = models.CharField(
        _("hand-over"), max_length=8, choices=HandOverMode, default=HandOverMode.RELAY
    )
    seconds = models.PositiveIntegerField(_("working time"), null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "order"], name="catalog_step_order")
        ]

    def __str__(self) -> str:
        return str(self.title)
