"""Business calendars: when a department works."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField
from neike.org.choices import ExceptionKind, Weekday


class BusinessCalendar(models.Model):
    """Working hours in one IANA zone: a week of intervals, changed on dates by exceptions.

    `revision` grows with every change of the hours, so that a prepared calendar can be cached by
    (id, revision) and open clocks can tell that they were computed with older hours.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = LocalizedTextField(_("name"))
    zone = models.CharField(_("time zone"), max_length=64)
    country = models.CharField(_("national days of"), max_length=2, blank=True)
    is_default = models.BooleanField(_("default calendar"), default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="org_calendar_one_default",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class WeeklyInterval(models.Model):
    """One half-open working interval of a weekday, in minutes of the local day; 1440 is 24:00."""

    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.CASCADE, related_name="intervals"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.PositiveSmallIntegerField(_("opens"))
    closes = models.PositiveSmallIntegerField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "weekday", "opens"], name="org_interval_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens"), closes__lte=1440),
                name="org_interval_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class CalendarException(models.Model):
    """One date that differs from its weekday.

    `hours` is empty for a closed day, and for a worked day that takes the hours of the first weekday
    that has hours; otherwise [[opens, closes], ...] in minutes of the local day.
    `source` says where it came from: `manual`, or the national pack that wrote it.
    """

    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.CASCADE, related_name="exceptions"
    )
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=8, choices=ExceptionKind)
    hours = models.JSONField(default=list, blank=True)
    name = LocalizedTextField(_("occasion"))
    source = models.CharField(max_length=32, default="manual")

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date", "kind"], name="org_exception_unique"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=ExceptionKind.SPECIAL) | ~models.Q(hours=[]),
                name="org_exception_special_has_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class CalendarYear(models.Model):
    """Which years of the national pack a calendar holds, and whether their make-up days are published.

    A year that is not `published` is provisional: dates in it may still move, and pages say so.
    """

    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    published = models.BooleanField(_("officially published"), default=False)
    source = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "year"], name="org_calendar_year_unique")
        ]

    def __str__(self) -> str:
        return str(self.year)
