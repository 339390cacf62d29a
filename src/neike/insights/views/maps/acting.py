"""What one can do from the map: propose a hidden edge to both sides, have all edges counted anew."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.insights import jobs, policies
from neike.insights.choices import MapState
from neike.insights.queries import observed
from neike.insights.queries.observed import shown_edges
from neike.insights.views.maps.reading import MapReading, department_named, map_reading
from neike.kernel.jobs import enqueue
from neike.kernel.limits import limited
from neike.kernel.policies import policy, require
from neike.org.models import Department
from neike.relations import actions as relation_actions
from neike.relations.choices import Origin, RelationKind

_ASKED_LATELY = 300
"""For so many seconds a page waits for a count that has not begun."""


@require_POST
@policy("insights.map")
@limited("insights.propose", "30/m")
def propose(request: HttpRequest) -> HttpResponse:
    """Turn a hidden edge into a proposal to both sides; doing so twice leads to the first one."""
    read = map_reading(request)
    provider, customer, kind = _hidden_edge(request, read)
    try:
        relation = relation_actions.propose(
            provider=provider,
            customer=customer,
            kind=kind,
            origin=Origin.OBSERVED,
            by=read.person,
            now=read.now,
        )
    except relation_actions.DuplicateRelationError as error:
        messages.info(request, str(error))
        return HttpResponseRedirect(error.relation.path)
    except relation_actions.RelationError as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(read.url("insights:map_compare"))
    messages.success(
        request,
        _("Proposed to %(provider)s and %(customer)s. Each side can confirm it or say why not.")
        % {
            "provider": read.name(relation.provider_id),
            "customer": read.name(relation.customer_id),
        },
    )
    return HttpResponseRedirect(f"{read.url('insights:map_compare')}#hidden")


def _hidden_edge(
    request: HttpRequest, read: MapReading
) -> tuple[Department, Department, RelationKind]:
    """Return the two ends and the kind that fits: passing work on, or else support.

    Raises:
        Http404: the map of this quarter shows no hidden edge between the two.
    """
    provider = department_named(request.POST.get("provider", ""), read.organisation)
    customer = department_named(request.POST.get("customer", ""), read.organisation)
    if provider is None or customer is None:
        raise Http404
    pair = (provider.id, customer.id)
    if not any(each.pair == pair and each.state == MapState.HIDDEN for each in read.map.edges):
        # it is declared by now: lead there rather than nowhere
        known = next(
            (each for each in read.map.edges if each.pair == pair and each.relations), None
        )
        if known is None:
            raise Http404
    seen = next((row for row in shown_edges(read.period, 2).edges if row.pair == pair), None)
    passed_on = seen is not None and 2 * seen.handovers >= seen.legs
    rows = Department.objects.in_bulk(pair)
    kind = RelationKind.NEXT_STEP if passed_on else RelationKind.SUPPORT
    return rows[provider.id], rows[customer.id], kind


@require_POST
@policy("insights.map")
@limited("insights.recount", "6/m")
def recount(request: HttpRequest) -> HttpResponse:
    """Have all edges counted anew in the background; the page then shows how far it is."""
    read = map_reading(request)
    require(policies.may_recount(read.who))
    if not observed.freshness().is_running:
        enqueue(jobs.observe, now=read.now, key=f"asked-{read.now:%Y%m%d%H%M}")
    asked = str(int(read.now.timestamp()))
    return HttpResponseRedirect(f"{read.url('insights:map_compare', asked=asked)}#fresh")


@require_safe
@policy("insights.map")
def freshness(request: HttpRequest) -> HttpResponse:
    """Answer with how fresh the edges are, asked for again and again while they are counted."""
    return render(request, "insights/_map_fresh.html", fresh_context(request))


def fresh_context(request: HttpRequest) -> dict[str, object]:
    """Return how fresh the edges are, and whether a count that was asked for is still to come."""
    now = timezone.now()
    fresh = observed.freshness()
    asked = _moment(request.GET.get("asked", ""))
    lately = asked is not None and 0 <= (now - asked).total_seconds() < _ASKED_LATELY
    done = asked is not None and fresh.observed_at is not None and fresh.observed_at >= asked
    waits = lately and not done and not fresh.is_running
    address = reverse("insights:map_fresh")
    return {
        "fresh": fresh,
        "waits": waits,
        "done": lately and done and not fresh.is_running,
        "poll": f"{address}?asked={int(asked.timestamp())}" if lately and asked else address,
        "polls": waits or fresh.is_running,
    }


def _moment(text: str) -> datetime | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 11):  # noqa: PLR2004
        return None
    return datetime.fromtimestamp(int(text), tz=UTC)
