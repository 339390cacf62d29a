"""Quality checks: what waits for me, one check, and how many an owner wants."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from neike.catalog import queries as catalog_queries
from neike.desk import policies
from neike.desk.actions import quality as actions
from neike.desk.actions.quality import Finding, QualityError
from neike.desk.choices import QualityVerdict
from neike.desk.models import QualityCheck, QualityPlan, Ticket
from neike.desk.queries import quality as queries
from neike.desk.queries import tickets_visible_to
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries

_REFUSED, _BEHIND = 422, 409
_LONGEST = 100


class CheckForm(forms.Form):
    """One verdict and one note for every criterion."""

    use_required_attribute = False

    def __init__(self, *args: Any, criteria: list[LocalizedText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(criteria)
        for position, text in enumerate(criteria):
            self.fields[f"verdict-{position}"] = forms.ChoiceField(
                label=str(text), choices=QualityVerdict.choices, widget=forms.RadioSelect
            )
            self.fields[f"note-{position}"] = forms.CharField(
                label=_("Note"), required=False, max_length=300
            )

    def findings(self) -> dict[int, Finding]:
        """Return what was said, after `is_valid()`."""
        given = self.cleaned_data
        return {
            place: Finding(given[f"verdict-{place}"], given[f"note-{place}"])
            for place in range(self.count)
        }


class PlanForm(forms.Form):
    """A share or a number; both empty: no checks."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"] = forms.IntegerField(
            label=_("Of a hundred delivered requests"), required=False, min_value=0, max_value=100
        )
        self.fields["number"] = forms.IntegerField(
            label=_("Or so many a month"),
            required=False,
            min_value=0,
            max_value=actions.MOST_NUMBER,
        )


@require_safe
@policy("desk.use")
def checks(request: HttpRequest) -> HttpResponse:
    """List the checks that wait for the reader, and those of what they lead or own."""
    read = reader(request)
    visible = queries.checks_visible_to(read.who).select_related(
        "ticket__service", "checker", "draw"
    )
    context = {
        "waiting": [(row, queries.path_of(row)) for row in queries.checks_waiting_for(read.who)],
        "others": [
            (row, queries.path_of(row))
            for row in visible.exclude(
                checker__in=read.who.acting_for, done_at__isnull=True
            ).order_by("-draw__month", "-pk")[:_LONGEST]
        ],
    }
    return render(request, "desk/quality/checks.html", context)


@require_http_methods(["GET", "POST"])
@policy("desk.use")
def check(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show one check; its checker says of every criterion whether it was met."""
    read = reader(request)
    visible = queries.checks_visible_to(read.who).select_related(
        "ticket__standard", "ticket__service", "draw", "checker", "done_by"
    )
    row = get_object_or_404(visible, public_id=public_id)
    criteria = [LocalizedText.from_json(each) for each in row.ticket.standard.quality_criteria]
    may = not row.done_at and policies.may_check(read.who, row, queries.workers(row.ticket))
    form = CheckForm(request.POST or None, criteria=criteria)
    status = 200
    if request.method == "POST":
        if not may and not row.done_at:
            raise Http404
        if form.is_valid():
            try:
                actions.finish_check(
                    check=row, findings=form.findings(), by=read.person, now=read.now
                )
            except QualityError as error:
                messages.error(request, str(error))
                status = _BEHIND
            else:
                messages.success(request, _("Thank you. What you found is kept."))
                return redirect("desk:quality")
        else:
            status = _REFUSED
    context = {
        "check": row,
        "form": form,
        "may": bool(may),
        "parts": [
            (form[f"verdict-{place}"], form[f"note-{place}"]) for place in range(len(criteria))
        ],
        "findings": _findings(row, criteria),
        "readable": _readable(read, row.ticket),
    }
    return render(request, "desk/quality/check.html", context, status=status)


def _findings(row: QualityCheck, criteria: list[LocalizedText]) -> list[dict[str, Any]]:
    tones = {QualityVerdict.PASS: "success", QualityVerdict.FAIL: "error"}
    return [
        {
            "text": criteria[each.position],
            "word": each.get_verdict_display(),
            "tone": tones.get(QualityVerdict(each.verdict), "neutral"),
            "note": each.note,
        }
        for each in row.findings.all()
    ]


def _readable(read: Reader, ticket: Ticket) -> bool:
    return tickets_visible_to(read.who).filter(pk=ticket.pk).exists()


@require_http_methods(["GET", "POST"])
@policy("desk.use")
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """Say how many delivered requests of one's service are looked at each month."""
    read = reader(request)
    today = org_queries.organisation_day(read.now)
    service = get_object_or_404(catalog_queries.services_editable_by(read.person, today), key=key)
    found = QualityPlan.objects.filter(service=service).first()
    initial = {"percent": found.percent or None, "number": found.number or None} if found else {}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_quality(
                service=service,
                percent=form.cleaned_data["percent"] or 0,
                number=form.cleaned_data["number"] or 0,
                by=read.person,
                now=read.now,
            )
        except QualityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Saved. The first sample is drawn when this month is over.")
            )
            return redirect("catalog:standard", key)
    status = _REFUSED if request.method == "POST" else 200
    context = {"form": form, "service": service, "criteria": _criteria_of(service)}
    return render(request, "desk/quality/plan.html", context, status=status)


def _criteria_of(service: Any) -> list[LocalizedText]:  # noqa: ANN401 - a service
    return [
        LocalizedText.from_json(each)
        for each in (service.standard.quality_criteria if service.standard else [])
    ]
