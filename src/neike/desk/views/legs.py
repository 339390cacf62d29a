"""What departments do with their legs; one address per action."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from neike.desk import actions
from neike.desk.choices import ReturnReason, WaitingOn
from neike.desk.views.acting import Call, act_on_leg
from neike.kernel.policies import policy
from neike.org.models import Department


@require_POST
@policy("desk.use")
def accept(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Accept an offer and take the work."""

    def run(call: Call) -> object:
        return actions.accept_leg(leg=call.leg, **call.common)

    return act_on_leg(
        request, number, no, run, key="accept", kind="", done=_("Accepted. The work is yours.")
    )


@require_POST
@policy("desk.use")
def give_back(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Return a leg to its sender."""

    def run(call: Call) -> object:
        why = ReturnReason(call.data["why"])
        return actions.return_leg(leg=call.leg, why=why, note=call.data["note"], **call.common)

    return act_on_leg(
        request, number, no, run, key="return", kind="return", done=_("Returned to the sender.")
    )


@require_POST
@policy("desk.use")
def assign(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Give a leg to a colleague, to oneself or to nobody."""

    def run(call: Call) -> object:
        return actions.assign_leg(leg=call.leg, to=call.data["to"], **call.common)

    return act_on_leg(request, number, no, run, key="assign", kind="assign", done=_("Assigned."))


@require_POST
@policy("desk.use")
def start(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Begin to work."""

    def run(call: Call) -> object:
        return actions.start_leg(leg=call.leg, **call.common)

    return act_on_leg(request, number, no, run, key="start", kind="", done=_("Work has begun."))


def _wait(call: Call, waiting_on: WaitingOn) -> object:
    return actions.wait_leg(
        leg=call.leg,
        waiting_on=waiting_on,
        reason_given=call.data["reason"],
        follow_up_at=call.data["follow_up_at"],
        **call.common,
    )


@require_POST
@policy("desk.use")
def ask(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Ask the requester something and wait for the answer."""

    def run(call: Call) -> object:
        return _wait(call, WaitingOn.REQUESTER)

    return act_on_leg(
        request, number, no, run, key="ask", kind="ask", done=_("Asked. The clock pauses.")
    )


@require_POST
@policy("desk.use")
def wait(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Wait for an outside supplier."""

    def run(call: Call) -> object:
        return _wait(call, WaitingOn.THIRD_PARTY)

    return act_on_leg(
        request, number, no, run, key="wait", kind="wait", done=_("Noted: the work waits.")
    )


@require_POST
@policy("desk.use")
def resume(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Go on after a wait."""

    def run(call: Call) -> object:
        return actions.resume_leg(leg=call.leg, **call.common)

    return act_on_leg(request, number, no, run, key="resume", kind="", done=_("The work goes on."))


@require_POST
@policy("desk.use")
def deliver(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Deliver to the department that asked."""

    def run(call: Call) -> object:
        return actions.deliver_leg(leg=call.leg, note=call.data["note"], **call.common)

    return act_on_leg(request, number, no, run, key="deliver", kind="note", done=_("Delivered."))


@require_POST
@policy("desk.use")
def confirm(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Confirm what another department delivered."""

    def run(call: Call) -> object:
        return actions.confirm_leg(leg=call.leg, **call.common)

    return act_on_leg(
        request, number, no, run, key="confirm", kind="", done=_("Delivery confirmed.")
    )


@require_POST
@policy("desk.use")
def rework(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Send a delivery back."""

    def run(call: Call) -> object:
        return actions.rework_leg(leg=call.leg, why=call.data["reason"], **call.common)

    return act_on_leg(
        request, number, no, run, key="rework", kind="reason", done=_("Sent back for rework.")
    )


@require_POST
@policy("desk.use")
def withdraw(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Take back what was handed over."""

    def run(call: Call) -> object:
        return actions.withdraw_leg(leg=call.leg, why=call.data["reason"], **call.common)

    return act_on_leg(
        request, number, no, run, key="withdraw", kind="reason", done=_("Taken back.")
    )


@require_POST
@policy("desk.use")
def hand_over(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Ask another department."""

    def run(call: Call) -> object:
        department, service = call.form.chosen()  # type: ignore[attr-defined]  # a HandOverForm
        return actions.hand_over(
            leg=call.leg,
            to=Department.objects.get(pk=department),
            service=service,
            ask=call.data["ask"],
            mode=call.data["mode"],
            **call.common,
        )

    return act_on_leg(
        request, number, no, run, key="hand-over", kind="hand-over", done=_("Handed over.")
    )
