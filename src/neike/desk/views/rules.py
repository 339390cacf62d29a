"""Rules: the list, one rule with its log, the builder, the trial on history."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.catalog.forms.controls import department_choices, person_label
from neike.catalog.models import Service
from neike.desk import actions, policies, queries
from neike.desk.actions import rules as rule_actions
from neike.desk.choices import FiringOutcome
from neike.desk.display import rule_content
from neike.desk.display import rules as display
from neike.desk.forms import RuleForm
from neike.desk.models import Rule, RuleFiring, RuleVersion
from neike.desk.queries import rule_trials
from neike.desk.queries import rules as rule_queries
from neike.desk.views.reading import Reader, reader
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.models import Department, Person

_REFUSED = 422
PAGE = 50


@require_safe
@policy("desk.use")
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules the reader may read, by department, in the order they fire."""
    here = reader(request)
    found = list(rule_queries.rules_visible_to(here.who))
    names = display.names_in([rule_queries.version_of(each) for each in found], here.chart)
    rows = [
        {
            "rule": each,
            "scope": _scope(each, here),
            "says": display.sentence(rule_queries.version_of(each), names),
        }
        for each in found
    ]
    context = {
        "rows": rows,
        "may_make": bool(_scopes(here)),
        "departments": [
            (here.chart.name(each.pk), each.public_id)
            for each in Department.objects.filter(pk__in=here.who.leads).order_by("pk")
        ],
    }
    return render(request, "desk/rules/rules.html", context)


def _scope(rule: Rule, here: Reader) -> str:
    if rule.department_id is None:
        return _("whole organisation")
    return here.chart.name(rule.department_id)


def rule_of(here: Reader, public_id: UUID) -> Rule:
    """Return a rule the reader may read, else 404."""
    return get_object_or_404(rule_queries.rules_visible_to(here.who), public_id=public_id)


@require_safe
@policy("desk.use")
def rule(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what a rule says, said, and did."""
    here = reader(request)
    shown = rule_of(here, public_id)
    versions = list(shown.versions.select_related("made_by").order_by("-number"))
    names = display.names_in(versions, here.chart)
    firings = rule_queries.firings_visible_to(here.who).filter(rule=shown)[:10]
    context = {
        "rule": shown,
        "scope": _scope(shown, here),
        "sentences": display.sentences(rule_queries.version_of(shown), names),
        "versions": [(each, display.sentence(each, names)) for each in versions],
        "firings": _lines(firings),
        "circle": rule_actions.own_circle(shown),
        "may_change": bool(policies.may_manage_rules(here.who, shown.department_id)),
    }
    return render(request, "desk/rules/rule.html", context)


def _lines(firings: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a queryset or a part of it
    return [{"firing": each, "results": display.results(each.results)} for each in firings]


@require_safe
@policy("desk.use")
def log(request: HttpRequest) -> HttpResponse:
    """List what rules did, newest first; narrowed by rule, outcome and request."""
    here = reader(request)
    visible = rule_queries.rules_visible_to(here.who)
    chosen = {key: request.GET.get(key, "") for key in ("rule", "outcome", "request")}
    found = _narrowed(rule_queries.firings_visible_to(here.who), chosen)
    page = queries.Cursor.parse(request.GET.get("after", ""))
    part = queries.page_of(found, field="fired_at", after=page, size=PAGE, newest_first=True)
    kept = request.GET.copy()
    kept["after"] = str(part.following)
    context = {
        "lines": _lines(part.rows),
        "rules": visible,
        "outcomes": FiringOutcome.choices,
        "chosen": chosen,
        "next": f"?{kept.urlencode()}" if part.following else "",
    }
    return render(request, "desk/rules/log.html", context)


def _narrowed(firings: QuerySet[RuleFiring], chosen: dict[str, str]) -> QuerySet[RuleFiring]:
    if chosen["rule"]:
        firings = firings.filter(rule__public_id__in=_uuids(chosen["rule"]))
    if chosen["outcome"] in FiringOutcome.values:
        firings = firings.filter(outcome=chosen["outcome"])
    if chosen["request"]:
        firings = firings.filter(ticket__number=queries.number_in(chosen["request"]) or 0)
    return firings


def _uuids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


@require_safe
@policy("desk.use")
@limited("desk.rule_trial", "20/m")
def trial(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show on which of the last 90 days' requests a rule would have fired; nothing is written."""
    here = reader(request)
    shown = rule_of(here, public_id)
    version = rule_queries.version_of(shown)
    names = display.names_in([version], here.chart)
    context = {
        "rule": shown,
        "says": display.sentence(version, names),
        "does": [display.action(each, names) for each in version.actions],
        "trial": rule_trials.trial(shown, here.who, now=here.now),
        "most": rule_trials.MOST,
    }
    return render(request, "desk/rules/trial.html", context)


@require_POST
@policy("desk.use")
@limited("desk.rule", "30/m")
def switch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Switch a rule on or off; one that can set itself off is said so."""
    here = reader(request)
    shown = rule_of(here, public_id)
    on = request.POST.get("on") == "1"
    try:
        rule_actions.switch_rule(rule=shown, by=here.person, on=on, now=here.now)
    except actions.DeskError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The rule is on.") if on else _("The rule is off."))
    return redirect("desk:rule", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
@limited("desk.rule", "60/m")
def new(request: HttpRequest) -> HttpResponse:
    """Make a rule."""
    here = reader(request)
    scopes = _scopes(here)
    if not scopes:
        raise PermissionDenied
    form = _form(request, here, scopes)

    def save(content: rule_actions.RuleContent) -> Rule:
        scope = form.cleaned_data["scope"]
        department = Department.objects.get(public_id=scope) if scope else None
        return rule_actions.make_rule(
            department=department, by=here.person, content=content, now=here.now
        )

    return _answer(request, here, form, save, {"title": _("New rule")})


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
@limited("desk.rule", "60/m")
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a rule say something else; what it said stays in its versions."""
    here = reader(request)
    shown = rule_of(here, public_id)
    if not policies.may_manage_rules(here.who, shown.department_id):
        raise PermissionDenied
    version = rule_queries.version_of(shown)
    form = _form(request, here, [], rule_content.initial(shown, version, _people(version)))

    def save(content: rule_actions.RuleContent) -> Rule:
        return rule_actions.change_rule(
            rule=shown,
            by=here.person,
            content=content,
            number=form.cleaned_data["number"] or 0,
            now=here.now,
        )

    return _answer(request, here, form, save, {"title": str(shown.name), "rule": shown})


def _people(version: RuleVersion) -> dict[str, str]:
    ids = [said["person"] for said in version.actions if said.get("person")]
    return {
        str(each.public_id): person_label(each) for each in Person.objects.filter(public_id__in=ids)
    }


def _scopes(here: Reader) -> list[tuple[str, str]]:
    """Return for which departments the reader may make rules; "" is the whole organisation."""
    who = here.who
    active = [
        (each.id, str(each.public_id)) for _depth, each in here.chart.walk() if each.is_active
    ]
    found = [
        (public_id, here.chart.name(pk))
        for pk, public_id in active
        if policies.may_manage_rules(who, pk)
    ]
    whole = [("", _("whole organisation"))] if who.administers else []
    return [*found, *whole]


def _form(
    request: HttpRequest,
    here: Reader,
    scopes: list[tuple[str, str]],
    initial: dict[str, Any] | None = None,
) -> RuleForm:
    departments = department_choices(here.chart)
    owned = Service.objects.select_related("department").order_by(
        "department__code", "order", "key"
    )
    services = [
        (str(each.public_id), f"{here.chart.name(each.department_id)}: {each.name}")
        for each in owned
        if policies.may_manage_rules(here.who, each.department_id)
    ]
    return RuleForm(
        request.POST or None,
        initial=initial,
        reader=here.person,
        on=org_queries.organisation_day(here.now),
        scopes=scopes,
        services=services,
        departments=departments,
    )


def _answer(
    request: HttpRequest,
    here: Reader,
    form: RuleForm,
    save: Callable[[rule_actions.RuleContent], Rule],
    context: dict[str, Any],
) -> HttpResponse:
    """Show the builder, what the rule would say, or save it."""
    status = 200
    if request.method == "POST":
        status = _REFUSED
        if form.is_valid():
            content = rule_content.content_of(form.cleaned_data)
            if "preview" in request.POST:
                status, context = 200, context | {"sentences": _preview(content, here)}
            else:
                try:
                    made = save(content)
                except actions.DeskError as error:
                    form.add_error(None, str(error))
                else:
                    return _saved(request, made)
    return render(request, "desk/rules/form.html", context | {"form": form}, status=status)


def _preview(content: rule_actions.RuleContent, here: Reader) -> list[tuple[str, str]]:
    version = rule_content.version_of(content)
    return display.sentences(version, display.names_in([version], here.chart))


def _saved(request: HttpRequest, made: Rule) -> HttpResponse:
    if rule_actions.own_circle(made):
        messages.warning(
            request,
            _(
                "Saved. Careful: this rule can set itself off. It will be stopped, but look at what it does."
            ),
        )
    else:
        messages.success(request, _("Saved."))
    return redirect("desk:rule", made.public_id)
