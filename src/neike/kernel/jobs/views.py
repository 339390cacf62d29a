"""The operators' page: who works, what waits, what was given up."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.kernel.jobs import operating, queries
from neike.kernel.outbox import queries as outbox_queries
from neike.kernel.policies import policy

_SHOWN = 50


@require_safe
@policy("jobs.operate")
def background(request: HttpRequest) -> HttpResponse:
    """Show workers, waiting work, and the latest that was given up."""
    now = timezone.now()
    context = {
        "workers": queries.living_workers(now).count(),
        "waiting_jobs": queries.waiting_count(),
        "waiting_deliveries": outbox_queries.waiting_count(),
        "checks": queries.checks(),
        "dead_jobs": queries.dead_jobs()[:_SHOWN],
        "dead_deliveries": outbox_queries.dead_deliveries()[:_SHOWN],
    }
    return render(request, "jobs/background.html", context)


@require_POST
@policy("jobs.operate")
def job_resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Queue a dead job again."""
    _say(request, done=operating.resend_job(job_id=pk, by=request.user, now=timezone.now()))
    return redirect("jobs:background")


@require_POST
@policy("jobs.operate")
def delivery_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a dead delivery again."""
    _say(
        request, done=operating.resend_delivery(delivery_id=pk, by=request.user, now=timezone.now())
    )
    return redirect("jobs:background")


def _say(request: HttpRequest, *, done: bool) -> None:
    if done:
        messages.success(request, _("It will be tried again now."))
    else:
        messages.warning(request, _("Somebody else has sent it again already."))
