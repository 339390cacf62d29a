"""The back-test of a standard: asked for by its owner, read before anything is promised."""

from datetime import datetime
from math import inf
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.catalog import policies as catalog_policies
from neike.catalog import queries as catalog_queries
from neike.catalog import wording
from neike.catalog.choices import Priority, TargetMetric
from neike.catalog.models import ServiceStandard
from neike.desk import policies as desk_policies
from neike.engines.backtest import Attainment, Method, Verdict
from neike.insights import actions, jobs
from neike.insights.models import BackTest
from neike.insights.queries import backtests as queries
from neike.insights.queries import told_to
from neike.insights.queries.backtest_rows import METRICS, Rows
from neike.insights.queries.backtests import PastLine
from neike.kernel import installation
from neike.kernel.jobs import enqueue
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.kernel.ui.charts import Chart, Series, line_chart
from neike.kernel.ui.formatting import number, percent
from neike.org import queries as org_queries
from neike.org.models import Person

PROMISED: Final = (0.8, 0.85, 0.9, 0.95, 0.99)
_USUAL: Final = 0.9
_AT_ONCE: Final = 300
"""So many requests are gone through while the page is awaited; more by a job, with progress."""
_SHOWN: Final = 50


def _standard(request: HttpRequest, public_id: object, now: datetime) -> ServiceStandard:
    """Return the version an address names, if the reader may edit its service; else 404, as if it were not there."""
    standard = get_object_or_404(
        ServiceStandard.objects.select_related("service__department", "calendar"),
        public_id=public_id,
    )
    today = org_queries.organisation_day(now)
    if not catalog_policies.may_edit(_reader(request), standard.service, on=today):
        raise Http404
    return standard


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101 - the door has checked that somebody is signed in
    return request.user


@require_safe
@policy("insights.back_test")
def back_test(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show the report about a version of a standard, how far it is, or how to ask for it."""
    now = timezone.now()
    standard = _standard(request, public_id, now)
    test = queries.back_test_of(standard)
    context: dict[str, Any] = {
        "standard": standard,
        "service": standard.service,
        "test": test,
        "stale": bool(test and queries.is_stale(test)),
        "spans": [(each, _span(each)) for each in actions.QUARTERS],
        "quarters": test.quarters if test else actions.QUARTERS[2],
        "shares": [(str(each), percent(each)) for each in PROMISED],
        "promised": str(_promised(request)),
    }
    if test and test.finished_at:
        context |= _report(request, test, now)
    return render(request, "insights/back_test.html", context)


def _span(quarters: int) -> str:
    if quarters == 1:
        return _("this quarter")
    return _("the last %(count)d quarters, this one included") % {"count": quarters}


@require_POST
@policy("insights.back_test")
@limited("insights.back_test", "20/m")
def ask(request: HttpRequest, public_id: object) -> HttpResponse:
    """Begin the report: at once when there is little to read, else in the background."""
    now = timezone.now()
    standard = _standard(request, public_id, now)
    given = request.POST.get("quarters", "")
    if given not in map(str, actions.QUARTERS):
        raise Http404
    test = actions.ask_for_back_test(
        standard=standard, quarters=int(given), by=_reader(request), now=now
    )
    if test.total <= _AT_ONCE:
        actions.run_back_test(test_id=test.pk, run=test.run, now=now)
    else:
        key = f"{test.pk}-{test.run}"
        enqueue(jobs.back_test, now=now, key=key, test_id=test.pk, asked=test.run)
        messages.info(
            request, _("The past is being read. You may leave this page; the report stays.")
        )
    address = reverse("insights:back_test", args=[standard.public_id])
    return HttpResponseRedirect(f"{address}?promised={_promised(request)}")


@require_safe
@policy("insights.back_test")
def progress(request: HttpRequest, public_id: object) -> HttpResponse:
    """Answer with how far the report is; the page loads anew when it is finished."""
    standard = _standard(request, public_id, timezone.now())
    test = queries.back_test_of(standard)
    response = render(request, "insights/_back_test_progress.html", {"test": test})
    if test is None or test.finished_at:
        response["HX-Refresh"] = "true"
    return response


def _promised(request: HttpRequest) -> float:
    given = request.POST.get("promised") or request.GET.get("promised", "")
    return next((each for each in PROMISED if str(each) == given), _USUAL)


def _report(request: HttpRequest, test: BackTest, now: datetime) -> dict[str, Any]:
    promised, person = _promised(request), _reader(request)
    rows, is_whole = queries.rows_told(
        test,
        told_to(person, now=now),
        fiscal_start=installation.current().fiscal_start,
    )
    found = list(queries.lines(rows, test.standard, promised))
    chosen = _chosen(request, found)
    day = catalog_queries.working_day(test.standard.calendar)
    context: dict[str, Any] = {
        "lines": [_shown(each, promised, day) for each in found],
        "is_part": not is_whole,
        "promised_words": percent(promised),
        "day": day,
        "requests": number(len(set(rows.ticket.tolist()))),
        "open": number(len(set(rows.ticket[~rows.done].tolist()))),
    }
    if chosen:
        part = rows.of(chosen.metric.value, chosen.priority)
        context |= _closely(part, chosen, promised, person, now, day)
    return context


def _chosen(request: HttpRequest, found: list[PastLine]) -> PastLine | None:
    """Return the line an address names, else the promise a requester cares for most."""
    metric, priority = request.GET.get("metric", ""), request.GET.get("priority", "")
    if metric not in METRICS:
        metric = TargetMetric.END_TO_END.value
    fitting = [each for each in found if each.metric == metric and each.priority == priority]
    return next(iter(fitting or found), None)


def _shown(line: PastLine, promised: float, day: int) -> dict[str, Any]:
    return {
        "line": line,
        "metric": line.metric.label,
        "priority": priority_words(line.priority),
        "target": wording.working_time(line.target, day) if line.target else _("its own each"),
        "share": line.found,
        "words": verdict_words(line, promised, day),
        "supported": line.verdict is Verdict.SUPPORTED,
        "empty": line.verdict is Verdict.NO_HISTORY,
        "weighed": line.found.method is Method.KAPLAN_MEIER,
    }


def priority_words(priority: str) -> str:
    """Return the name of a priority, or of all."""
    return str(Priority(priority).label) if priority else _("every priority")


def verdict_words(line: PastLine, promised: float, day: int) -> str:
    """Return the verdict in a sentence, with the rule, the interval and the sample."""
    found = line.found
    if found.share is None or found.low is None or found.high is None:
        return _("Nothing of this kind came to its end, so the past says nothing.")
    said = {
        "share": percent(found.share, 1),
        "low": percent(found.low, 1),
        "high": percent(found.high, 1),
        "promised": percent(promised),
        "kept": number(found.kept),
        "n": number(found.n),
    }
    if line.verdict is Verdict.SUPPORTED:
        words = _(
            "Supported: %(share)s were in time (95%% interval %(low)s–%(high)s, n = %(n)s), and even the lower end"
            " reaches the promised %(promised)s."
        )
    else:
        words = _(
            "Not supported: %(share)s were in time (95%% interval %(low)s–%(high)s, n = %(n)s), and the lower end"
            " stays below the promised %(promised)s."
        )
    return " ".join([words % said, *_advice(line, found, promised, day)])


def _advice(line: PastLine, found: Attainment, promised: float, day: int) -> list[str]:
    words = []
    if line.verdict is Verdict.NOT_SUPPORTED and line.needed is None:
        words.append(
            _("So few requests cannot support %(promised)s, whatever became of them.")
            % {"promised": percent(promised)}
        )
    elif line.verdict is Verdict.NOT_SUPPORTED and found.method is Method.COUNTED:
        words.append(
            _("It would take %(needed)s of %(n)s.")
            % {"needed": number(line.needed), "n": number(found.n)}
        )
    if line.verdict is Verdict.NOT_SUPPORTED and line.shortest:
        time = wording.working_time(_whole_minutes(line.shortest), day)
        words.append(_("The past does support %(time)s.") % {"time": time})
    if found.is_small:
        words.append(_("This is a small sample."))
    return words


def _whole_minutes(seconds: float) -> int:
    """Round up, so that what is named is supported too."""
    return -int(-seconds // 60) * 60


def _closely(
    rows: Rows, line: PastLine, promised: float, person: Person, now: datetime, day: int
) -> dict[str, Any]:
    who = desk_policies.standing(person, now=now)
    visible, missed = queries.missed_tickets(rows, who)
    used = queries.used_by(rows)
    chart = org_queries.chart(on=org_queries.organisation_day(now))
    shown = list(visible)
    return {
        "chosen": line,
        "chosen_words": _("%(metric)s, %(priority)s")
        % {"metric": line.metric.label, "priority": priority_words(line.priority)},
        "curve": _curve(rows, line, promised, day),
        "customers": [
            (chart.name(customer) or _("a former department"), found)
            for customer, found in queries.by_customer(rows).items()
        ],
        "missed": [
            {"ticket": each, "used": _finite(used[each.pk][0]), "target": used[each.pk][1]}
            for each in shown[:_SHOWN]
        ],
        "missed_total": number(missed),
        "missed_visible": number(len(shown)),
        "hides": len(shown) < missed,
        "some_left": len(shown) > _SHOWN,
        "most_shown": _SHOWN,
    }


def _finite(seconds: float) -> float | None:
    return None if seconds == inf else seconds


def _curve(rows: Rows, line: PastLine, promised: float, day: int) -> Chart | None:
    points = queries.curve_around(rows, line.target)
    if not len(rows) or all(found.share is None for _target, found in points):
        return None
    labels = [
        wording.working_time(int(target), day) if line.target else percent(target)
        for target, _found in points
    ]
    axis = _("Target in working time") if line.target else _("Share of each one's own target")
    return line_chart(
        labels,
        [
            Series(
                _("In time"),
                [_hundredths(found.share) for _target, found in points],
                low=[_hundredths(found.low) for _target, found in points],
                high=[_hundredths(found.high) for _target, found in points],
            )
        ],
        axis=axis,
        unit="%",
        goal=promised * 100,
        goal_name=_("Promised share"),
        low=0,
        high=100,
    )


def _hundredths(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def panel(person: Any, standard: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - the kernel's signature
    """Return what the editor of a standard says of its back-test."""
    today = org_queries.organisation_day(now)
    if not catalog_policies.may_edit(person, standard.service, on=today):
        return {}
    test = queries.back_test_of(standard)
    shown: dict[str, Any] = {"standard": standard, "test": test, "line": None}
    if test and test.finished_at:
        shown["stale"] = queries.is_stale(test)
        rows, _whole = queries.rows_told(
            test, told_to(person, now=now), fiscal_start=installation.current().fiscal_start
        )
        day = catalog_queries.working_day(standard.calendar)
        found = list(queries.lines(rows, standard, _USUAL))
        line = next((each for each in found if each.metric == TargetMetric.END_TO_END), None)
        shown["line"] = line and _shown(line, _USUAL, day)
        shown["promised"] = percent(_USUAL)
    return shown
