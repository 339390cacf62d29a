"""The settings as a form."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from neike.kernel.installation.models import Installation
from neike.kernel.texts import LocalizedText

_COMMON_ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)


class InstallationForm(forms.Form):
    """Everything on the settings page. The name must be there in at least one language."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("A PNG, JPEG, GIF or WebP picture; it is shown on the sign-in page too."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("An IANA name such as Asia/Shanghai. Days, months and quarters begin by it."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    fiscal_start_month = forms.TypedChoiceField(
        label=_("First month of the fiscal year"), coerce=int, choices=lambda: list(MONTHS.items())
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages people may choose"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    default_language = forms.ChoiceField(label=_("Default language"), choices=settings.LANGUAGES)
    support_contact = forms.CharField(
        label=_("Where people get help"),
        max_length=200,
        required=False,
        help_text=_("A telephone number, an address or a name; shown at the foot of every page."),
    )

    common_zones = _COMMON_ZONES

    @classmethod
    def showing(cls, found: Installation) -> "InstallationForm":
        """Return the form filled with what is set."""
        texts = found.name.texts
        return cls(
            initial={
                "revision": found.revision,
                "name_zh": texts.get("zh-hans", ""),
                "name_en": texts.get("en", ""),
                "zone": found.zone,
                "fiscal_start_month": found.fiscal_start_month,
                "languages": found.languages,
                "default_language": found.default_language,
                "support_contact": found.support_contact,
            }
        )

    def clean_zone(self) -> str:
        """Return a zone that exists.

        Raises:
            ValidationError: it does not.
        """
        zone = str(self.cleaned_data["zone"]).strip()
        if zone not in available_timezones():
            raise forms.ValidationError(
                _(
                    "There is no time zone “%(zone)s”. Use an IANA name, for example Asia/Shanghai or Europe/Berlin."
                )
                % {"zone": zone}
            )
        return zone

    def clean(self) -> dict[str, Any]:
        """Refuse a nameless installation, and a default language nobody may choose."""
        data = super().clean() or {}
        if not (data.get("name_zh") or data.get("name_en")):
            self.add_error("name_zh", _("Give a name in at least one language."))
        languages, default = data.get("languages"), data.get("default_language")
        if languages and default and default not in languages:
            self.add_error(
                "default_language", _("The default must be one of the languages people may choose.")
            )
        return data

    def values(self) -> dict[str, Any]:
        """Return the fields as the action takes them."""
        data = self.cleaned_data
        name = LocalizedText.of(zh=data["name_zh"], en=data["name_en"])
        same = ("zone", "fiscal_start_month", "languages", "default_language", "support_contact")
        return {"name": name, **{field: data[field] for field in same}}
