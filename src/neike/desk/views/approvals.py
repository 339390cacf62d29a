"""What approvers do on the page of a request, and asking them by hand."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from neike.desk import actions
from neike.desk.forms import AskApprovalForm
from neike.desk.models import Approval
from neike.desk.views.acting import Call, act_on_leg, act_on_ticket
from neike.kernel.policies import policy


def _act(
    request: HttpRequest,
    number: int,
    no: int,
    run: Callable[[Call, Approval], object],
    key: str,
    kind: str,
    done: str,
) -> HttpResponse:
    def on_approval(call: Call) -> object:
        return run(call, get_object_or_404(call.ticket.approvals, no=no))

    name = f"{key}-approval-{no}"
    return act_on_ticket(request, number, on_approval, key=name, kind=kind, done=done)


@require_POST
@policy("desk.use")
def approve(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Agree, for oneself or for whom one stands in."""

    def run(call: Call, approval: Approval) -> object:
        by, note, now = call.reader.person, call.data["note"], call.reader.now
        return actions.approve(approval=approval, by=by, note=note, now=now)

    return _act(request, number, no, run, "approve", "approve", _("Approved."))


@require_POST
@policy("desk.use")
def refuse(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Do not agree, with a reason."""

    def run(call: Call, approval: Approval) -> object:
        by, why, now = call.reader.person, call.data["reason"], call.reader.now
        return actions.refuse(approval=approval, by=by, why=why, now=now)

    return _act(request, number, no, run, "refuse", "refuse", _("Rejected, with your reason."))


@require_POST
@policy("desk.use")
def ask_first(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Ask something before deciding."""

    def run(call: Call, approval: Approval) -> object:
        by, question, now = call.reader.person, call.data["question"], call.reader.now
        return actions.ask_before_deciding(approval=approval, by=by, question=question, now=now)

    return _act(request, number, no, run, "ask", "question", _("Asked. The decision stays open."))


@require_POST
@policy("desk.use")
def withdraw(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Take back what was asked by hand."""

    def run(call: Call, approval: Approval) -> object:
        by, now = call.reader.person, call.reader.now
        return actions.withdraw_approval(approval=approval, by=by, now=now)

    return _act(request, number, no, run, "withdraw", "", _("The work goes on without it."))


@require_POST
@policy("desk.use")
def ask_by_hand(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Ask people to approve something of a leg, which waits for them."""

    def run(call: Call) -> object:
        form = call.form
        if not isinstance(form, AskApprovalForm):
            raise TypeError(type(form))
        return actions.ask_approval(
            leg=call.leg,
            approvers=form.people(),
            question=call.data["question"],
            quorum=call.data["quorum"],
            **call.common,
        )

    done = _("Asked. Your work waits for the decision.")
    return act_on_leg(request, number, no, run, key="ask_approval", kind="ask-approval", done=done)
