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
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.queries.directory import person_by_email, present


@require_POST
@policy("desk.use")
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody follow."""
    who = reader(request)
    ticket = ticket_of(who, number)
    lead = next(leg for leg in ticket.legs.all() if leg.is_lead)
    form = forms.FollowerForm(request.POST, auto_id="follow-%s")

    def run(call: Call) -> None:
        person = _find(call.data["who"].strip(), who.person, who.who.on)
        if person is None:
            raise NobodyFoundError
        actions.add_participant(
            ticket=call.ticket, by=who.person, person=person, now=call.reader.now
        )

    done = _("They follow now and can read the request.")
    return answer(Call(request, who, ticket, lead, form), run, name="follow", done=done)


class NobodyFoundError(actions.DeskError):
    """The directory knows nobody of that number or address."""

    def __str__(self) -> str:
        return _("Nobody in the directory has this number or e-mail.")


def _find(text: str, viewer: Person, on: object) -> Person | None:
    people = present(org_queries.people_visible_to(viewer), on=on)  # type: ignore[arg-type]  # a date
    found = people.filter(employee_no=text).first() or person_by_email(text)
    return people.filter(pk=found.pk).first() if found else None


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
    return answer(call, run, name="unfollow", done=_("They follow no more."))
