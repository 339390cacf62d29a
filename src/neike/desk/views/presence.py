"""Who else of those who serve has a request open, and who of them writes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from neike.desk import live, policies
from neike.desk.display import times
from neike.desk.views.reading import reader, ticket_of
from neike.kernel.limits import limited
from neike.kernel.live import presence as kept
from neike.kernel.policies import policy


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
@limited("desk.presence", "120/m", by="person")
def presence(request: HttpRequest, number: int) -> HttpResponse:
    """Show who of the serving side looks at the request; a POST says that the reader does, writes, or leaves.

    Only those who serve are noted and shown, and only to one another: nobody sees when a requester reads.
    """
    who = reader(request)
    ticket = ticket_of(who, number)
    if not policies.may_read_internal(who.who, ticket):
        raise Http404
    topic = f"{live.PRESENCE}:{ticket.pk}"
    if request.method == "POST":
        if request.POST.get("leaves"):
            kept.leave(topic, person=who.person, now=who.now)
            return HttpResponse(status=204)
        kept.note(topic, person=who.person, typing=bool(request.POST.get("typing")), now=who.now)
    found = kept.present(topic, but=who.person.pk, now=who.now)
    ends = [each.typing_until for each in found if each.typing]
    context = {
        "present": found,
        "ticket": ticket,
        "next_look": times.seconds_to_next(ends, now=who.now) if ends else 30,
    }
    return render(request, "desk/ticket/_presence.html", context)
