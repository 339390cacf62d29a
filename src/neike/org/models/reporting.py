"""Who reports to whom where the chart of departments is not enough, and what a post is from a day on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.texts import LocalizedTextField
from neike.org.models.departments import Department, Position
from neike.org.models.people import Person


class ReportingLine(models.Model):
    """A person reports to a manager, half-open in dates; at most one open line per person.

    It goes before what the leads of departments say. A person without a line reports to the nearest lead above.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reporting_lines")
    manager = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="direct_reports")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "valid_from"], name="org_reporting_line_unique"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(valid_to__isnull=True),
                name="org_reporting_line_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="org_reporting_line_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("manager")),
                name="org_reporting_line_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} > {self.manager_id}"


class PostTerm(models.Model):
    """What a post is from a day on, half-open: title, department, the post it reports to, how many full-time places.

    The only truth about posts over time: a day that no term holds is a day without the post. Posts that nobody
    holds, and groups of alike posts, are counted by `places`. Terms of a post never overlap.
    """

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="terms")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    title = LocalizedTextField(_("title"))
    reports_to = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="terms_below"
    )
    places = models.DecimalField(_("places"), max_digits=9, decimal_places=2, default=1)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["position", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["position", "valid_from"], name="org_post_term_unique"),
            models.UniqueConstraint(
                fields=["position"],
                condition=models.Q(valid_to__isnull=True),
                name="org_post_term_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="org_post_term_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(reports_to__isnull=True)
                | ~models.Q(position=models.F("reports_to")),
                name="org_post_term_to_another",
            ),
            models.CheckConstraint(
                condition=models.Q(places__gte=0), name="org_post_term_places_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["department", "valid_from"], name="org_post_term_here")]

    def __str__(self) -> str:
        return f"{self.position_id} {self.valid_from:%F}"
