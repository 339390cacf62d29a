"""How people work their queues: saved views, what they like to see, and doing one thing to many requests."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import BulkAction, BulkState, RowState
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class SavedView(models.Model):
    """A named list of a queue: `data` holds the parameters of its address ({"state": ["offered"], …}).

    `data` is read through `queries.parameters_of`, never as it is. Without a department it is the owner's alone;
    with one everybody who works for that department has it. It says what to look for, never what one may read.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "org.Department", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["owner", "position"], name="desk_view_of_owner")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="desk_view_has_name")
        ]

    def __str__(self) -> str:
        return self.name


class DeskPreference(models.Model):
    """What one person likes at the desk: the columns of the queue ([]: the usual ones), and single-key shortcuts."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    columns = models.JSONField(default=list, blank=True)
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)

    def __str__(self) -> str:
        return f"{self.person_id}"


class BulkRun(models.Model):
    """One thing done to many legs by one person, who alone sees it. `params` is what it was done with."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    action = models.CharField(_("action"), max_length=10, choices=BulkAction)
    params = models.JSONField(default=dict)
    back = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=8, choices=BulkState, default=BulkState.RUNNING)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-created_at"], name="desk_bulk_of_person")]

    def __str__(self) -> str:
        return f"{self.action} {self.created_at:%F %R}"


class BulkRow(models.Model):
    """What came of it for one leg. `before` is what undoing needs; `after` the leg's or ticket's version it made."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows", db_index=False)
    leg = models.ForeignKey("desk.Leg", on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=RowState, default=RowState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    after = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["run", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "leg"], name="desk_bulk_row_unique")]
        indexes = [models.Index(fields=["run", "state"], name="desk_bulk_rows")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.leg_id} {self.state}"


class Macro(models.Model):
    """A reply kept ready. Without a department it is the owner's alone; with one everybody's who works for it.

    `body` may hold {variables}; see `actions.macros.VARIABLES`.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "org.Department", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = LocalizedTextField(_("name"))
    body = LocalizedTextField(_("text"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["owner"], name="desk_macro_of_owner")]

    def __str__(self) -> str:
        return str(self.name)
