"""The page on which two administrators erase a person."""

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from neike.kernel.policies import policy
from neike.org import policies, queries
from neike.org.actions import erasures
from neike.org.choices import ProposalState
from neike.org.forms.accounts import EraseForm, TypedForm
from neike.org.forms.roles import reason_text
from neike.org.models import ErasureProposal, Person
from neike.org.views.days import moment, reader


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.people_erase")
def erase(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for a person to be erased or, as the second administrator, do it; the number must be typed."""
    now, today = moment()
    person, proposal = _found(request, public_id)
    by = reader(request)
    second = proposal is not None and bool(
        policies.may_erase(by, proposal.proposed_by, person, on=today)
    )
    form = (TypedForm if proposal else EraseForm)(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            return _act(request, person, proposal, form, now)
        except PermissionDenied as refused:
            form.add_error(None, reason_text(refused))
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "person": person,
        "proposal": proposal,
        "second": second,
        "may_ask": _may_ask(by, person, today),
        "form": form,
    }
    return render(request, "org/person_erase.html", context, status=422 if form.errors else 200)


@require_POST
@policy("org.people_erase")
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Decline the erasure of a person, or withdraw one's own proposal."""
    now, _today = moment()
    person, proposal = _found(request, public_id)
    if proposal is not None:
        try:
            erasures.decline_erasure(proposal=proposal, by=reader(request), now=now)
            messages.info(request, _("The proposal is closed. Nobody was erased."))
        except PermissionDenied as refused:
            messages.error(request, reason_text(refused))
        except ValidationError as error:
            messages.error(request, error.messages[0])
    return HttpResponseRedirect(reverse("org:person", args=[person.public_id]))


def _act(
    request: HttpRequest,
    person: Person,
    proposal: ErasureProposal | None,
    form: TypedForm,
    now: datetime,
) -> HttpResponse:
    by = reader(request)
    if proposal is None:
        reason = form.cleaned_data["reason"]
        erasures.propose_erasure(person=person, reason=reason, by=by, now=now)
        messages.info(
            request, _("Proposed. Nothing is erased before another administrator agrees.")
        )
        return HttpResponseRedirect(reverse("org:erase_person", args=[person.public_id]))
    erasures.confirm_erasure(proposal=proposal, by=by, now=now)
    messages.success(request, _("The person is erased. What they did stays, without their name."))
    return HttpResponseRedirect(reverse("org:people"))


def _may_ask(by: Person, person: Person, today: date) -> bool:
    return bool(policies.may_propose_erasure(by, person, on=today))


def _found(request: HttpRequest, public_id: UUID) -> tuple[Person, ErasureProposal | None]:
    seen = queries.people_visible_to(reader(request)).filter(erased_at__isnull=True)
    person = get_object_or_404(seen, public_id=public_id)
    waiting = ErasureProposal.objects.filter(person=person, state=ProposalState.WAITING)
    return person, waiting.select_related("proposed_by").first()
