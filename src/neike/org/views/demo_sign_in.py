"""One click into the demo. Outside the demo these addresses do not exist."""

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from neike.kernel.policies import policy
from neike.org.queries.demo_accounts import demo_account


@require_POST
@policy("org.sign_in")
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's accounts."""
    if not settings.DEMO:
        raise Http404
    person = demo_account(request.POST.get("employee_no", ""))
    if person is None:
        raise Http404
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    UserSession.objects.create_from_request(request)
    wanted = request.POST.get("next", "")
    safe = get_adapter(request).is_safe_url(wanted)
    return HttpResponseRedirect(wanted if safe else reverse(settings.LOGIN_REDIRECT_URL))
