"""Having the organisation chart followed now, instead of next night: for oneself at once, for everybody by a job."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from neike.kernel.jobs import enqueue
from neike.kernel.limits import limited
from neike.kernel.policies import policy, require
from neike.relations import actions, jobs, policies
from neike.relations.views.reading import reader_of


@require_POST
@policy("relations.use")
@limited("relations.chart", "6/m")
def follow_chart(request: HttpRequest) -> HttpResponse:
    """Propose the reader's own team, boss and neighbours from the chart, and say how many there were."""
    reader = reader_of(request)
    made = actions.follow_chart(now=reader.now, person=reader.person)
    if made:
        said = ngettext(
            "%(count)d relation proposed from the organisation chart. Is it right?",
            "%(count)d relations proposed from the organisation chart. Are they right?",
            made,
        )
        messages.success(request, said % {"count": made})
    else:
        messages.info(
            request,
            _(
                "Nothing new: what the chart says of you is here already, or was turned down lately."
            ),
        )
    return HttpResponseRedirect(reverse("relations:mine"))


@require_POST
@policy("relations.use")
@limited("relations.whole_chart", "6/m")
def follow_whole_chart(request: HttpRequest) -> HttpResponse:
    """Have everybody's relations proposed in the background; a notice tells the result."""
    reader = reader_of(request)
    require(policies.may_follow_whole_chart(reader.who))
    enqueue(
        jobs.follow_chart,
        now=reader.now,
        key=f"asked-{reader.now:%Y%m%d%H%M}",
        asked_by=reader.person.pk,
    )
    messages.info(
        request,
        _(
            "The chart of the whole organisation is being followed. You get a notice when it is done."
        ),
    )
    return HttpResponseRedirect(reverse("relations:mine"))
