"""The page behind the link of an approver's mail. Opening it decides nothing; only its buttons do.

The token of the mail is exchanged at once for a cookie of this one page, so that no later address and no
referrer carries it. A mail scanner that follows the link changes nothing, and the link still works afterwards.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms as django_forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from neike.catalog import queries as catalog_queries
from neike.desk import actions, policies, queries
from neike.desk.display import approvals as asked_for
from neike.desk.models import Approval, ApprovalLink
from neike.desk.views import approver
from neike.desk.views.reading import Reader
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org.models import Person

COOKIE: Final = "neike_approval"
COOKIE_LIVES: Final = timedelta(hours=2)


@require_safe
@never_cache
@policy("desk.mailed_link")
@limited("desk.mailed_link", "60/m", by="network", methods=("GET", "HEAD"))
def exchange(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange the mail's token for a cookie and go on to the page without it; nothing is used up."""
    link = queries.link_of(token, now=timezone.now())
    if link is None:
        return _over(request, _("This link is unknown or has expired."))
    address = reverse("desk:approval_by_mail", args=[link.approval.public_id])
    response = HttpResponseRedirect(address)
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_LIVES,
        path=address,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return _private(response)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy("desk.mailed_link")
@limited("desk.mailed_link", "60/m", by="network", methods=("GET", "HEAD", "POST"))
def by_mail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what is asked, or let the reader of the mail decide."""
    now = timezone.now()
    link = queries.link_of(request.COOKIES.get(COOKIE, ""), now=now)
    if link is None or link.approval.public_id != public_id:
        return _over(request, _("This link is unknown or has expired."))
    with translation.override(_language(request, link)):
        refused = _refused(request, link, now)
        if refused is not None:
            return refused
        if request.method == "POST":
            return _decided(request, link, now)
        return _page(request, link, now)


def _language(request: HttpRequest, link: ApprovalLink) -> str | None:
    """Return the language of the mail's reader where nobody is signed in, else the page's own."""
    here = translation.get_language()
    return here if isinstance(request.user, Person) else link.person.language or here


def _refused(request: HttpRequest, link: ApprovalLink, now: datetime) -> HttpResponse | None:
    """Return a friendly page where the reader of the link has nothing to decide (any more)."""
    signed_in = isinstance(request.user, Person)
    if signed_in and request.user.pk != link.person_id:
        return _over(
            request, _("This link was mailed to somebody else. Decide with your own mail.")
        )
    if not approver.may_decide(policies.standing(link.person, now=now), link.approval):
        return _over(request, _("This has been decided, or is not asked any more."), link)
    return None


def _decided(request: HttpRequest, link: ApprovalLink, now: datetime) -> HttpResponse:
    verb = request.POST.get("verb", "")
    if verb not in approver.VERBS or _needs_sign_in(request, link):
        return _page(request, link, now, status=422)
    name, form_class = approver.VERBS[verb]
    form = form_class(request.POST, auto_id=f"{verb}-%s")
    if form.is_valid():
        try:
            said = approver.act(
                verb, link.approval, Reader(link.person, now), form.cleaned_data[name]
            )
        except actions.DeskError as refused:
            form.add_error(None, str(refused))
        else:
            return _done(request, link, said, ends=verb != "ask")
    return _page(request, link, now, typed={verb: form}, status=422)


def _needs_sign_in(request: HttpRequest, link: ApprovalLink) -> bool:
    """A confidential request is shown and decided by somebody who is signed in only."""
    return link.approval.ticket.confidential and not isinstance(request.user, Person)


def _page(
    request: HttpRequest,
    link: ApprovalLink,
    now: datetime,
    *,
    typed: dict[str, django_forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    approval, given = link.approval, typed or {}
    context: dict[str, Any] = {"link": link, "approval": approval}
    if _needs_sign_in(request, link):
        return _private(render(request, "desk/mailed/confidential.html", context, status=status))
    who = policies.standing(link.person, now=now)
    ticket = approval.ticket
    context |= {
        "ticket": ticket,
        "shown": asked_for.shown(who, ticket, approval),
        "waited": approver.waited(approval, now=now),
        "answers": catalog_queries.answer_rows(ticket.form, ticket.answers),
        "forms": {verb: _form(verb, given) for verb in approver.VERBS},
        "opened": next(iter(given), ""),
        "problem": " ".join(
            str(error) for form in given.values() for error in form.non_field_errors()
        ),
    }
    return _private(render(request, "desk/mailed/decide.html", context, status=status))


def _form(verb: str, typed: dict[str, django_forms.Form]) -> django_forms.Form:
    _name, form_class = approver.VERBS[verb]
    return typed.get(verb) or form_class(initial={"version": 0}, auto_id=f"{verb}-%s")


def _done(request: HttpRequest, link: ApprovalLink, said: str, *, ends: bool) -> HttpResponse:
    approval = Approval.objects.select_related("ticket").get(pk=link.approval_id)
    context = {"said": said, "approval": approval, "ticket": approval.ticket}
    response = _private(render(request, "desk/mailed/done.html", context))
    if ends:
        address = reverse("desk:approval_by_mail", args=[approval.public_id])
        response.delete_cookie(COOKIE, path=address, samesite="Lax")
    return response


def _over(request: HttpRequest, words: str, link: ApprovalLink | None = None) -> HttpResponse:
    context = {"words": words, "link": link}
    return _private(render(request, "desk/mailed/over.html", context, status=410))


def _private(response: HttpResponse) -> HttpResponse:
    """Let neither address nor page travel on; the form's own post still names its origin."""
    response["Referrer-Policy"] = "same-origin"
    if isinstance(response, HttpResponseRedirect):
        response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
