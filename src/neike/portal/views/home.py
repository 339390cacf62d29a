"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from neike.kernel.policies import policy


@require_safe
@policy("portal.home")
def home(request: HttpRequest) -> HttpResponse:
    """Show my day."""
    return render(request, "portal/home.html")
