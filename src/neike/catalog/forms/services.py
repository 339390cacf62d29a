"""What an owner writes about a service."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from neike.catalog.actions import ServiceFields
from neike.catalog.choices import SERVICE_ICONS
from neike.catalog.forms.controls import PersonField, department_choices, person_label
from neike.catalog.forms.localized import initial_of, text_of, two_inputs
from neike.catalog.models import Service
from neike.kernel.ui import icons
from neike.org.models import Person
from neike.org.queries import OrgChart


class ServiceForm(forms.Form):
    """Texts, icon, audience and owner of a service; `fields_of()` gives what the actions take."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        reader: Person,
        chart: OrgChart,
        service: Service | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.service = service
        departments = department_choices(chart)
        self.fields.update(two_inputs("name", _("Name"), most=120, required=True))
        self.fields.update(two_inputs("summary", _("In one sentence"), most=400))
        self.fields.update(two_inputs("description", _("Description"), most=8000, lines=True))
        self.fields |= {
            "keywords": forms.CharField(
                label=_("Keywords"),
                required=False,
                max_length=2000,
                help_text=_("Words people may search for, in both languages, with commas between."),
            ),
            "icon": forms.ChoiceField(
                label=_("Icon"),
                choices=[(name, _drawn(name)) for name in SERVICE_ICONS],
                initial=SERVICE_ICONS[0],
                widget=forms.RadioSelect,
            ),
            "owner": PersonField(
                label=_("Service owner"),
                required=False,
                reader=reader,
                on=chart.on,
                help_text=_("Who keeps the promise up to date and may edit it."),
            ),
            "audience": forms.MultipleChoiceField(
                label=_("Offered to"),
                required=False,
                choices=departments,
                widget=forms.SelectMultiple(attrs={"data-enhance": ""}),
                help_text=_("Nothing chosen means everybody. Departments below are included."),
            ),
            "confidential": forms.BooleanField(
                label=_("Confidential: only the requester and those who work on it see a request"),
                required=False,
            ),
            "order": forms.IntegerField(
                label=_("Place in the list"), min_value=0, max_value=32767, initial=100
            ),
        }
        if service is None:
            self.fields["department"] = forms.ChoiceField(
                label=_("Department"), choices=departments
            )
            self.fields["key"] = forms.RegexField(
                r"^[a-z][a-z0-9-]{1,63}$",
                label=_("Key"),
                help_text=_("Part of the address, for example it-laptop. It never changes."),
            )
            self.order_fields(["department", "key"])
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
            self.initial = {**_initial(service), **self.initial}

    def fields_of(self) -> ServiceFields:
        """Return what the actions take, after `is_valid()`."""
        given = self.cleaned_data
        words = given["keywords"].replace("，", ",").replace("、", ",").split(",")
        chosen = given["audience"]
        return {
            "name": text_of("name", given),
            "summary": text_of("summary", given),
            "description": text_of("description", given),
            "keywords": [word.strip() for word in words if word.strip()],
            "icon": given["icon"],
            "owner": Person.objects.get(public_id=given["owner"]) if given["owner"] else None,
            "audience": {"departments": chosen} if chosen else {},
            "confidential": given["confidential"],
            "order": given["order"],
        }


def _drawn(name: str) -> SafeString:
    """Return an icon as people choose it: the drawing, with its name for who cannot see it."""
    return format_html('{}<span class="sr-only">{}</span>', icons.icon_svg(name), name)


def _initial(service: Service) -> dict[str, Any]:
    return {
        **initial_of("name", service.name),
        **initial_of("summary", service.summary),
        **initial_of("description", service.description),
        "keywords": ", ".join(map(str, service.keywords)),
        "icon": service.icon,
        "owner": person_label(service.owner) if service.owner else "",
        "audience": service.audience.get("departments", []),
        "confidential": service.confidential,
        "order": service.order,
        "version": service.version,
    }
