"""Answer the probes before anything asks under which name the product was called."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from neike.kernel.health import views

View = Callable[[HttpRequest], HttpResponse]


def probes(get_response: View) -> View:
    """Let whoever watches over the process ask by its number or any name; the one word reveals nothing."""
    answers: dict[str, View] = {
        reverse("health:live"): views.live,
        reverse("health:ready"): views.ready,
    }

    def answer(request: HttpRequest) -> HttpResponse:
        return answers.get(request.path_info, get_response)(request)

    return answer
