"""What an administrator decides about the whole installation."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.texts import LocalizedText, LocalizedTextField


def default_name() -> LocalizedText:
    """Return the product's own name, until somebody gives another."""
    return LocalizedText.of(zh="内客", en="Neike")


def all_languages() -> list[str]:
    """Return the languages the product speaks."""
    return [code for code, _name in settings.LANGUAGES]


class Installation(models.Model):
    """The one row of settings. `revision` counts the changes and refuses stale saves.

    `zone` is an IANA name; `fiscal_start_month` is 1-12; `languages` are those people may choose.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = LocalizedTextField(_("name"), default=default_name)
    logo = models.ForeignKey(
        "attachments.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai")
    fiscal_start_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"), default=1
    )
    languages = models.JSONField(_("languages"), default=all_languages)
    default_language = models.CharField(_("default language"), max_length=8, default="zh-hans")
    support_contact = models.CharField(_("where people get help"), max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("installation")
        constraints = [
            models.CheckConstraint(name="installation_only_one", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="installation_fiscal_month",
                condition=models.Q(fiscal_start_month__gte=1, fiscal_start_month__lte=12),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def zone_info(self) -> ZoneInfo:
        """The organisation's zone, in which its days and periods begin."""
        return ZoneInfo(self.zone)

    @property
    def fiscal_start(self) -> int:
        """The month (1-12) the fiscal year begins with, under the name the calculations use."""
        return self.fiscal_start_month
