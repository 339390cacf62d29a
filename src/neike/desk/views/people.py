"""Who follows a request."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from neike.desk import actions, forms
from neike.desk.views.acting import Call, answer
from neike.desk.views.reading import reader, ticket_of
from neike.kernel.policies import policy
from neike.org.models import Person


@require_POST
@policy("desk.use")
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody follow."""
    who = reader(request)
    ticket = ticket_of(who, number)
    lead = next(leg for leg in ticket.legs.all() if leg.is_lead)
    data = request.POST.copy()
    if data.get("me"):
        data["who"] = who.person.employee_no
    form = forms.FollowerForm(data, auto_id="follow-%s", reader=who.person, on=who.who.on)

    def run(call: Call) -> None:
        person = Person.objects.get(public_id=call.data["who"])
        actions.add_participant(
            ticket=call.ticket, by=who.person, person=person, now=call.reader.now
        )

    done = _("They follow now and can read the request.")
    if data.get("me"):
        done = _("You follow this request now.")
    return answer(Call(request, who, ticket, lead, form), run, name="follow", done=done)


@require_POST
@policy("desk.use")
def unfollow(request: HttpRequest, number: int, public_id: UUID) -> HttpResponse:
    """Let somebody follow no more."""
    who = reader(request)
    ticket = ticket_of(who, number)
    lead = next(leg for leg in ticket.legs.all() if leg.is_lead)
    found = get_object_or_404(ticket.participants, person__public_id=public_id)

    def run(call: Call) -> None:
        actions.remove_participant(
            ticket=call.ticket, by=who.person, person=found.person, now=call.reader.now
        )

    form = forms.EmptyForm(request.POST)
    call = Call(request, who, ticket, lead, form)
    done = _("They follow no more.")
    if found.person_id == who.person.pk:
        done = _("You do not follow this request any more.")
    return answer(call, run, name="unfollow", done=done)
