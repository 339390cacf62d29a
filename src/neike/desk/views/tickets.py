"""What people do with a request as a whole."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from neike.desk import actions
from neike.desk.views.acting import Call, act_on_ticket
from neike.kernel.policies import policy


@require_POST
@policy("desk.use")
def resolve(request: HttpRequest, number: int) -> HttpResponse:
    """Tell the requester that it is done."""

    def run(call: Call) -> object:
        return actions.resolve(ticket=call.ticket, note=call.data["note"], **call.common)

    return act_on_ticket(
        request,
        number,
        run,
        key="resolve",
        kind="note",
        done=_("Resolved. The requester is asked to confirm."),
    )


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
