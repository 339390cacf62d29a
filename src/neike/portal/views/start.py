"""Start for real: the demo's administrator empties it."""

import shlex
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from neike.desk.models import Ticket
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org.models import Person
from neike.portal import actions
from neike.portal.forms import StartForm
from neike.portal.views.reading import seeker


@require_http_methods(["GET", "HEAD", "POST"])
@policy("portal.start")
@limited("portal.start", "10/h", by="person")
def start(request: HttpRequest) -> HttpResponse:
    """Explain what goes and what stays; on the typed word, do it."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _started(request, form):
        logout(request)
        return render(request, "portal/started.html", {"command": _command()})
    counts = {
        "people": Person.objects.aggregate(n=Count("pk"))["n"],
        "requests": Ticket.objects.aggregate(n=Count("pk"))["n"],
    }
    context = {"form": form, "command": _command(), **counts}
    return render(request, "portal/start.html", context, status=422 if form.errors else 200)


def _started(request: HttpRequest, form: StartForm) -> bool:
    """Empty the demo; tell the form when a value does not fit."""
    who = seeker(request)
    values: dict[str, Any] = {
        key: form.cleaned_data[key] for key in ("name", "employee_no", "email", "password")
    }
    try:
        actions.start_for_real(by=who.person, now=who.now, **values)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return False
    return True


def _command() -> str:
    """Return what starts this very installation without the demo's doors."""
    data = shlex.quote(str(settings.DATA))
    return f"NEIKE_DATA={data} NEIKE_BASE_URL={shlex.quote(settings.BASE_URL)} neike serve"
