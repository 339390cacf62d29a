"""Sample data of the live style page."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.kernel.ui import charts
from neike.kernel.ui.icons import icon_names
from neike.kernel.ui.tones import BUTTONS, TONES

_SERVICES: list[tuple[str, str | Promise]] = [
    ("laptop", gettext_lazy("New laptop")),
    ("vpn", gettext_lazy("Network and VPN")),
    ("travel", gettext_lazy("Travel booking")),
    ("seal", gettext_lazy("Use of the seal")),
]


class SampleForm(forms.Form):
    """One field of every widget the kit draws."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), help_text=gettext_lazy("Where we may answer.")
    )
    details = forms.CharField(
        label=gettext_lazy("Details"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    service = forms.ChoiceField(label=gettext_lazy("Service"), choices=_SERVICES)
    watchers = forms.MultipleChoiceField(
        label=gettext_lazy("Services concerned"),
        choices=_SERVICES,
        required=False,
        widget=forms.SelectMultiple(attrs={"data-enhance": ""}),
    )
    day = forms.DateField(label=gettext_lazy("Needed on"), required=False, widget=forms.DateInput)
    at = forms.DateTimeField(
        label=gettext_lazy("Meeting at"), required=False, widget=forms.DateTimeInput
    )
    amount = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=99)
    urgency = forms.ChoiceField(
        label=gettext_lazy("How urgent"),
        widget=forms.RadioSelect,
        choices=[
            ("low", gettext_lazy("Can wait")),
            ("normal", gettext_lazy("This week")),
            ("high", gettext_lazy("Work has stopped")),
        ],
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=_SERVICES[:3],
    )
    agree = forms.BooleanField(label=gettext_lazy("Show this request to my department"))
    file = forms.FileField(label=gettext_lazy("Attachment"), required=False)


def samples(*, now: datetime) -> dict[str, Any]:
    """Return the context of the style page; `now` is aware."""
    return {
        "tones": list(TONES),
        "button_tones": list(BUTTONS),
        "icons": sorted(icon_names()),
        "form": SampleForm(initial={"service": "vpn", "urgency": "normal", "watchers": ["vpn"]}),
        "refused": SampleForm(data={"subject": "", "email": "chen", "amount": "0"}),
        "people": ["陈思远", "王芳", "欧阳明月", "Siyuan Chen", "Maria da Silva", "Li"],
        "due": due_samples(),
        "steps": step_samples(),
        "loop": loop_samples(),
        "earlier": now - timedelta(days=1, hours=3),
        "later": now + timedelta(days=40),
        "trend": [82, 84, None, 88, 87, 91, 93],
        "falling": [5, 4.6, 4.7, 4.2, 4.1, 3.9],
        "line": line_sample(),
        "bars": bar_sample(),
        "heat": heat_sample(),
        "map": graph_sample(),
    }


def due_samples() -> list[dict[str, str]]:
    """Return one chip of each state."""
    why = _("Urgent: answered within 2 working hours, Monday to Friday 09:00–18:00.")
    rows = [
        ("ok", _("1 day left")),
        ("soon", _("25 min left")),
        ("late", _("by 1 h 10 min")),
        ("paused", _("waiting for the requester")),
        ("met", _("in 42 min")),
        ("missed", _("3 h too late")),
    ]
    return [{"state": state, "text": text, "title": why} for state, text in rows]


def step_samples() -> list[dict[str, str]]:
    """Return the steps of a request on its way."""
    return [
        {"state": "done", "label": _("Asked"), "note": _("by Sales")},
        {"state": "done", "label": _("Accepted"), "note": _("by IT")},
        {"state": "current", "label": _("Worked on"), "note": _("by Finance")},
        {"state": "todo", "label": _("Confirmed"), "note": ""},
    ]


def loop_samples() -> list[dict[str, str]]:
    """Return the seven steps of a department's loop."""
    rows = [
        ("done", _("Customers"), "9"),
        ("done", _("Standards"), "14"),
        ("done", _("Delivery"), "96.4%"),
        ("current", _("Voices"), "3"),
        ("todo", _("Improvement"), "–"),
        ("todo", _("Training"), "–"),
        ("todo", _("Recognition"), "–"),
    ]
    return [
        {"state": s, "label": label, "figure": figure, "href": "#loop"} for s, label, figure in rows
    ]


def line_sample() -> charts.Chart:
    """Return a trend with an interval and a goal."""
    return charts.line_chart(
        [_("Week %(number)d") % {"number": week} for week in range(40, 47)],
        [
            charts.Series(
                _("IT"),
                [86, 88, 87, 91, 90, 94, 96],
                low=[80, 82, 81, 86, 85, 90, 92],
                high=[91, 92, 92, 95, 94, 97, 98],
            ),
            charts.Series(_("Finance"), [92, 90, 91, 88, 86, 85, 87], tone="warning"),
        ],
        axis=_("Week"),
        unit="%",
        goal=90,
        goal_name=_("Promise"),
        low=70,
        high=100,
    )


def bar_sample() -> charts.Chart:
    """Return stacked bars."""
    names = [_("IT"), _("Finance"), _("HR"), _("Legal")]
    return charts.bar_chart(
        names,
        [
            charts.Series(_("Kept"), [212, 168, 97, 41], tone="success"),
            charts.Series(_("Missed"), [9, 21, 4, 6], tone="error"),
        ],
        axis=_("Department"),
        stacked=True,
        horizontal=True,
    )


def heat_sample() -> charts.Chart:
    """Return a matrix of busy hours."""
    days = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri")]
    hours = ["09", "11", "14", "16"]
    values: list[list[int | None]] = [
        [18, 12, 9, 14, 7],
        [24, 15, 13, 16, 11],
        [12, 11, None, 9, 6],
        [8, 7, 6, 12, 4],
    ]
    return charts.heatmap(_("Requests"), days, hours, values, axis=_("Hour"))


def graph_sample() -> charts.Chart:
    """Return who serves whom."""
    places = [
        ("it", _("IT"), 0, 0, 42, "primary"),
        ("fin", _("Finance"), 90, -40, 34, "success"),
        ("sales", _("Sales"), 60, 60, 26, "warning"),
        ("hr", _("HR"), -70, 50, 24, "info"),
        ("legal", _("Legal"), -80, -45, 20, "neutral"),
    ]
    flows = [
        ("it", "sales", 120),
        ("it", "fin", 80),
        ("fin", "sales", 60),
        ("hr", "it", 40),
        ("legal", "fin", 22),
    ]
    return charts.graph(
        [charts.Node(*place) for place in places],
        [
            charts.Edge(a, b, _("%(count)d requests") % {"count": count}, width=1 + count / 30)
            for a, b, count in flows
        ],
        head=(_("Provider"), _("Customer"), _("Volume")),
    )
