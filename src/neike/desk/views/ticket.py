"""Looking at a request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from neike.desk.views import page
from neike.desk.views.reading import reader, ticket_of
from neike.kernel.policies import policy


@require_safe
@policy("desk.use")
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """Show a request: its promise, its relay bar, its conversation, and what the reader can do."""
    who = reader(request)
    return page.respond(request, who, ticket_of(who, number))


@require_safe
@policy("desk.use")
def ticket_live(request: HttpRequest, number: int) -> HttpResponse:
    """Answer with the page's changing part, or with nothing (204) while it is as the reader saw it.

    `until` is the second from which on time alone has changed what the page shows.
    """
    who = reader(request)
    found = ticket_of(who, number)
    until = request.GET.get("until", "")
    is_stale = until.isascii() and until.isdigit() and int(until[:18]) <= who.now.timestamp()
    if request.GET.get("version") == str(found.version) and not is_stale:
        return HttpResponse(status=204)
    return page.respond(request, who, found)


@require_safe
@policy("desk.use")
def ticket_print(request: HttpRequest, number: int) -> HttpResponse:
    """Show a request as a sheet of paper."""
    who = reader(request)
    context = page.page_context(request, who, ticket_of(who, number), page.Outcome())
    return render(request, "desk/ticket_print.html", context)
