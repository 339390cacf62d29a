"""The roles page: who holds what, what waits for a second person, who may do what."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.kernel.policies import policy
from neike.org import matrix, policies
from neike.org.actions import roles as actions
from neike.org.actions.roles import Term
from neike.org.choices import Role
from neike.org.forms.roles import GrantForm, RevokeForm, reason_text
from neike.org.models import Person, RoleGrant, RoleProposal
from neike.org.queries import grants
from neike.org.queries.services import service_names
from neike.org.standing import OrgChart, chart, held_by
from neike.org.views.days import moment, reader

Services = Mapping[UUID, str]


@require_safe
@policy("org.roles")
def roles(request: HttpRequest) -> HttpResponse:
    """List the roles in force, by role or by person, and what waits."""
    return _page(request)


@require_POST
@policy("org.roles")
def grant(request: HttpRequest) -> HttpResponse:
    """Give or propose a role."""
    now, today = moment()
    by = reader(request)
    form = _grant_form(by, today, chart(on=today), service_names(), request.POST)
    if form.is_valid():
        data = form.cleaned_data
        term = Term(data["valid_from"], data["valid_to"], data["reason"])
        try:
            made = actions.grant_role(asked=form.asked(), term=term, by=by, now=now)
        except PermissionDenied as refused:
            form.add_error(None, reason_text(refused))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if isinstance(made, RoleProposal):
                messages.info(
                    request, _("Proposed. It holds as soon as another administrator agrees.")
                )
            else:
                messages.success(request, _("The role is given."))
            return _back()
    return _page(request, status=422, form=form)


@require_POST
@policy("org.roles")
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Agree to a proposal, decline it, or withdraw one's own."""
    now, today = moment()
    by = reader(request)
    proposal = get_object_or_404(grants.waiting_proposals(by, on=today), public_id=public_id)
    try:
        if request.POST.get("answer") == "confirm":
            actions.confirm_proposal(proposal=proposal, by=by, now=now)
            messages.success(request, _("The role is in force."))
        else:
            actions.decline_proposal(proposal=proposal, by=by, now=now)
            messages.info(request, _("The proposal is closed. Nothing was given."))
    except PermissionDenied as refused:
        messages.error(request, reason_text(refused))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.roles")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role after asking why."""
    now, today = moment()
    by = reader(request)
    found = get_object_or_404(grants.grants_visible_to(by, on=today), pk=pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke_role(grant=found, reason=form.cleaned_data["reason"], by=by, now=now)
        except PermissionDenied as refused:
            form.add_error(None, reason_text(refused))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The role has ended."))
            return _back()
    context = {"grant": found, "form": form}
    context["scope"] = _scope(found, chart(on=today), service_names())
    return render(request, "org/role_revoke.html", context, status=422 if form.errors else 200)


@require_safe
@policy("org.directory")
def who_may(request: HttpRequest) -> HttpResponse:
    """Show the permission matrix."""
    rows = [
        (right.label, [right.reach(role) for role in matrix.ROLES]) for right in matrix.rights()
    ]
    return render(request, "org/who_may.html", {"roles": matrix.ROLES, "rows": rows})


def _page(
    request: HttpRequest, *, status: int = 200, form: GrantForm | None = None
) -> HttpResponse:
    _now, today = moment()
    by = reader(request)
    organisation, services = chart(on=today), service_names()
    by_person = request.GET.get("by") == "person"
    found = grants.current_grants(by, on=today)
    if by_person:
        found.sort(key=lambda each: (each.person.name_latin, each.person_id))
    context = {
        "by_person": by_person,
        "groups": _groups(
            found, lambda row: _scope(row, organisation, services), by, today, by_person=by_person
        ),
        "proposals": [
            {
                "row": each,
                "scope": _scope(each, organisation, services),
                "may_confirm": bool(
                    policies.may_decide(
                        by, person=each.person, proposed_by=each.proposed_by, on=today
                    )
                ),
                "is_own": each.proposed_by_id == by.pk,
            }
            for each in grants.waiting_proposals(by, on=today)
        ],
        "may_give": bool(policies.roles.may_give_any(by, on=today)),
        "form": form or _grant_form(by, today, organisation, services, None),
    }
    return render(request, "org/roles.html", context, status=status)


def _groups(
    found: list[RoleGrant],
    scope: Callable[[RoleGrant], str],
    by: Person,
    today: date,
    *,
    by_person: bool,
) -> list[dict[str, Any]]:
    """Return the grants under their headings; `may_revoke` is decided once, not per row."""
    everything = bool(policies.may_keep_people(by, on=today))

    def heading(grant: RoleGrant) -> str:
        return grant.person.name if by_person else capfirst(grant.get_role_display())

    def key(grant: RoleGrant) -> object:
        return grant.person_id if by_person else grant.role

    groups = []
    for _key, members in groupby(found, key=key):
        rows = list(members)
        groups.append(
            {
                "heading": heading(rows[0]),
                "rows": [
                    {
                        "grant": row,
                        "scope": scope(row),
                        "may_revoke": everything or bool(policies.may_revoke(by, row, on=today)),
                        "begins_later": row.valid_from > today,
                    }
                    for row in rows
                ],
            }
        )
    return groups


def _scope(row: RoleGrant | RoleProposal, organisation: OrgChart, services: Services) -> str:
    if row.department_id is not None:
        return organisation.name(row.department_id)
    if row.service_public_id is not None:
        return services.get(row.service_public_id, _("a service"))
    return _("the whole organisation")


def _grant_form(
    by: Person,
    today: date,
    organisation: OrgChart,
    services: Services,
    data: Any,  # noqa: ANN401 - what was posted
) -> GrantForm:
    departments = [
        (each.id, "\u2003" * depth + str(each.name))
        for depth, each in organisation.walk()
        if each.is_active
    ]
    if not policies.may_keep_people(by, on=today):
        own = {each.service for each in held_by(by, on=today).of(Role.SERVICE_OWNER)}
        services = {key: name for key, name in services.items() if key in own}
    return GrantForm(data, by=by, departments=departments, services=services.items(), today=today)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("org:roles"))
