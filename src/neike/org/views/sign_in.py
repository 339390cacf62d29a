"""Pages around signing in that the library does not have."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from neike.kernel.policies import policy


@policy("org.sign_in")
def no_registration(request: HttpRequest) -> HttpResponse:
    """Say that nobody registers here."""
    return render(request, "account/signup_closed.html", status=404)
