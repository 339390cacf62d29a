"""The forms of what departments tell their customers, and of major incidents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.forms.controls import department_choices
from neike.catalog.forms.localized import initial_of, text_of, two_inputs
from neike.catalog.models import Service
from neike.desk.actions.department_notices import TEXT_LIMIT, TITLE_LIMIT, NoticeContent
from neike.desk.choices import NoticeKind
from neike.desk.forms.bulk import BulkForm
from neike.desk.models import DepartmentNotice
from neike.kernel.texts import LocalizedText
from neike.org.models import Department
from neike.org.queries import OrgChart

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]


def _moment(**more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, input_formats=_FORMATS, **more)


class NoticeForm(forms.Form):
    """An outage or an incident in both languages; `content()` gives what the actions take."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        kind: NoticeKind,
        chart: OrgChart,
        departments: Sequence[tuple[str, str]] = (),
        services: QuerySet[Service],
        notice: DepartmentNotice | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if notice is None:
            self.fields["department"] = forms.ChoiceField(
                label=_("Department"), choices=departments, help_text=_("Who tells it.")
            )
        self.fields |= {
            **two_inputs("title", _("Title"), most=TITLE_LIMIT),
            **two_inputs("body", _("What is to be known"), most=TEXT_LIMIT, lines=True),
            "starts_at": _moment(label=_("From")),
        }
        if kind == NoticeKind.OUTAGE:
            self.fields["ends_at"] = _moment(
                label=_("Until"), help_text=_("It ends by itself at this time.")
            )
        self.fields |= {
            "services": forms.ModelMultipleChoiceField(
                label=_("Services concerned"),
                required=False,
                queryset=services,
                to_field_name="key",
                widget=forms.SelectMultiple(attrs={"data-enhance": ""}),
                help_text=_("Nothing chosen means all services of the department."),
            ),
            "audience": forms.MultipleChoiceField(
                label=_("Meant for"),
                required=False,
                choices=department_choices(chart),
                widget=forms.SelectMultiple(attrs={"data-enhance": ""}),
                help_text=_("Nothing chosen means everybody. Departments below are included."),
            ),
            "version": forms.IntegerField(
                required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
            ),
        }
        if notice is not None:
            self.initial = {**_initial(notice), **self.initial}

    def clean(self) -> dict[str, Any]:
        """Want a title in one of the languages."""
        given = super().clean() or {}
        if not given.get("title_zh") and not given.get("title_en") and not self.errors:
            self.add_error("title_zh", _("A notice needs a title."))
        return given

    def content(self) -> NoticeContent:
        """Return what the actions take, after `is_valid()`."""
        given = self.cleaned_data
        chosen = given["audience"]
        ends_at: datetime | None = given.get("ends_at")
        return NoticeContent(
            kind=self.kind,
            title=text_of("title", given),
            body=text_of("body", given),
            starts_at=given["starts_at"],
            ends_at=ends_at,
            services=tuple(given["services"]),
            audience=tuple(Department.objects.filter(public_id__in=chosen)) if chosen else (),
        )


def _initial(notice: DepartmentNotice) -> dict[str, Any]:
    return {
        **initial_of("title", notice.title),
        **initial_of("body", notice.body),
        "starts_at": notice.starts_at,
        "ends_at": notice.ends_at,
        "services": [each.key for each in notice.services.all()],
        "audience": [str(each.public_id) for each in notice.audience.all()],
        "version": notice.version,
    }


class NoticeMoveForm(forms.Form):
    """A word that goes with a step, in both languages; one is enough."""

    use_required_attribute = False

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            **two_inputs("text", label or _("Update"), most=TEXT_LIMIT, lines=True),
            "version": forms.IntegerField(
                min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
            ),
        }

    def text(self) -> LocalizedText:
        """Return what was said, after `is_valid()`."""
        return text_of("text", self.cleaned_data)


class TogetherForm(forms.Form):
    """What is said to all who are affected."""

    text = forms.CharField(
        label=gettext_lazy("Message to each requester"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LinkIncidentForm(forms.Form):
    """To which incident a request belongs."""

    incident = forms.ModelChoiceField(
        label=gettext_lazy("Major incident"),
        queryset=DepartmentNotice.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )

    def __init__(self, *args: Any, incidents: QuerySet[DepartmentNotice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"].queryset = incidents  # type: ignore[attr-defined]  # it has one


class BulkIncidentForm(BulkForm, LinkIncidentForm):
    """To which incident many requests belong."""
