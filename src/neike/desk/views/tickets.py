"""What people do with a request as a whole."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from neike.desk import actions
from neike.desk.views.acting import Call, act_on_ticket
from neike.kernel.policies import policy


@require_POST
@policy("desk.use")
def resolve(request: HttpRequest, number: int) -> HttpResponse:
    """Tell the requester that it is done."""

    def run(call: Call) -> object:
        given = {"ticket": call.ticket, "note": call.data["note"], **call.common}
        if not call.data["parts"]:
            return actions.resolve(**given)
        told = actions.resolve_family(**given)
        _tell_of_parts(request, told)
        return told.ticket

    return act_on_ticket(
        request,
        number,
        run,
        key="resolve",
        kind="note-parts",
        done=_("Resolved. The requester is asked to confirm."),
    )


def _tell_of_parts(request: HttpRequest, told: actions.FamilyResolved) -> None:
    """Say how many parts were resolved, and of each other one why not."""
    count = len(told.done)
    if count:
        text = ngettext(
            "%(count)d part is resolved, too.", "%(count)d parts are resolved, too.", count
        )
        messages.success(request, text % {"count": count})
    for part, why in told.refused:
        text = _("%(part)s is not resolved: %(why)s")
        messages.warning(request, text % {"part": part, "why": why})


@require_POST
@policy("desk.use")
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Accept the result as the requester."""

    def run(call: Call) -> object:
        return actions.confirm(ticket=call.ticket, **call.common)

    return act_on_ticket(
        request, number, run, key="confirm-ticket", kind="", done=_("Confirmed. Thank you.")
    )


@require_POST
@policy("desk.use")
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Come back to a resolved request."""

    def run(call: Call) -> object:
        return actions.reopen(ticket=call.ticket, why=call.data["reason"], **call.common)

    return act_on_ticket(
        request, number, run, key="reopen", kind="reason", done=_("Reopened. The work goes on.")
    )


@require_POST
@policy("desk.use")
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a request."""

    def run(call: Call) -> object:
        return actions.cancel(ticket=call.ticket, why=call.data["reason"], **call.common)

    return act_on_ticket(
        request, number, run, key="cancel", kind="optional-reason", done=_("Withdrawn.")
    )


@require_POST
@policy("desk.use")
def priority(request: HttpRequest, number: int) -> HttpResponse:
    """Set another priority."""

    def run(call: Call) -> object:
        return actions.change_priority(
            ticket=call.ticket,
            priority=call.data["priority"],
            why=call.data["reason"],
            **call.common,
        )

    return act_on_ticket(
        request, number, run, key="priority", kind="priority", done=_("The priority is changed.")
    )
