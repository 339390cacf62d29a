"""How a department gives out its work: the page of its lead."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from neike.catalog.forms.localized import text_of
from neike.catalog.models import Service
from neike.desk import actions, policies
from neike.desk.actions import assignment
from neike.desk.display import by_itself
from neike.desk.forms import AssignmentForm, MemberForm, SkillForm
from neike.desk.models import AssignmentPolicy, Skill
from neike.desk.queries import assignment as queries
from neike.desk.views.reading import Reader, reader
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.models import Department, Person

_REFUSED = 422


def _department(here: Reader, public_id: UUID) -> Department:
    """Return a department whose work the reader gives out, else 404."""
    found = get_object_or_404(Department, public_id=public_id)
    if not policies.may_manage_assignment(here.who, found.pk):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
@limited("desk.assignment", "60/m")
def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show and set how work is given out, who can take how much, and who would get the next one."""
    here = reader(request)
    department = _department(here, public_id)
    row = queries.policy_of(department)
    people = org_queries.agents_of(department, on=here.who.on)
    form = AssignmentForm(request.POST or None, instance=row, people=people)
    if request.method == "POST" and form.is_valid():
        content = assignment.PolicyContent(**form.cleaned_data)
        try:
            assignment.set_policy(
                department=department, by=here.person, content=content, now=here.now
            )
        except actions.DeskError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:assignment", public_id)
    status = _REFUSED if form.errors else 200
    shown = queries.policy_of(department)  # what is stored, whatever was typed
    context = _context(here, department, shown) | {"form": form}
    return render(request, "desk/assignment/assignment.html", context, status=status)


def _context(here: Reader, department: Department, row: AssignmentPolicy) -> dict[str, Any]:
    members = queries.members_of(row, now=here.now)
    skills = list(department.skills.prefetch_related("services"))
    options = [(str(each.public_id), str(each.name)) for each in skills]
    choice = queries.next_one(row, members, now=here.now)
    chosen = next((each.person for each in members if each.person.pk == choice.person), None)
    if chosen is None and choice.person is not None:
        chosen = row.fallback
    return {
        "department": department,
        "name": here.chart.name(department.pk),
        "members": [_member(each, options, skills) for each in members],
        "skills": skills,
        "skill_form": SkillForm(services=_services(department)),
        "next_person": chosen,
        "next_why": by_itself.why_assigned(assignment.why_of(choice)),
        "next_at": choice.next_at,
        "lying": queries.alarmed([department.pk]).filter(ticket__confidential=False)[:10],
    }


def _member(
    member: queries.Member, options: list[tuple[str, str]], skills: list[Skill]
) -> dict[str, Any]:
    own = [str(each.public_id) for each in skills if each.pk in member.skills]
    maximum = member.capacity.maximum if member.capacity else None
    form = MemberForm(
        initial={"maximum": maximum, "skills": own},
        skills=options,
        auto_id=f"id_{member.person.pk}_%s",
    )
    return {
        "person": member.person,
        "candidate": member.candidate,
        "form": form,
        "skills": [str(each.name) for each in skills if each.pk in member.skills],
    }


def _services(department: Department) -> list[tuple[str, str]]:
    rows = Service.objects.filter(department=department).order_by("order", "key")
    return [(str(each.public_id), str(each.name)) for each in rows]


@require_POST
@policy("desk.use")
@limited("desk.assignment", "60/m")
def member(request: HttpRequest, public_id: UUID, person: UUID) -> HttpResponse:
    """Say what somebody can take."""
    here = reader(request)
    department = _department(here, public_id)
    options = [(str(each.public_id), str(each.name)) for each in department.skills.all()]
    form = MemberForm(request.POST, skills=options)
    if form.is_valid():
        data = form.cleaned_data
        try:
            assignment.set_capacity(
                department=department,
                by=here.person,
                person=get_object_or_404(Person, public_id=person),
                maximum=data["maximum"],
                skills=[UUID(each) for each in data.get("skills", ())],
                now=here.now,
            )
            messages.success(request, _("Saved."))
        except actions.DeskError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, _("Please give a capacity between 0 and 200, or leave it empty."))
    return redirect("desk:assignment", public_id)


@require_POST
@policy("desk.use")
@limited("desk.assignment", "60/m")
def skill(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a skill to the department's list."""
    here = reader(request)
    department = _department(here, public_id)
    form = SkillForm(request.POST, services=_services(department))
    if form.is_valid():
        assignment.add_skill(
            department=department,
            by=here.person,
            name=text_of("name", form.cleaned_data),
            services=[UUID(each) for each in form.cleaned_data["services"]],
            now=here.now,
        )
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Please give the skill a name."))
    return redirect("desk:assignment", public_id)


@require_POST
@policy("desk.use")
@limited("desk.assignment", "60/m")
def skill_gone(request: HttpRequest, public_id: UUID, skill_id: UUID) -> HttpResponse:
    """Take a skill off the list."""
    here = reader(request)
    department = _department(here, public_id)
    found = get_object_or_404(Skill, department=department, public_id=skill_id)
    assignment.remove_skill(skill=found, by=here.person, now=here.now)
    messages.success(request, _("Removed."))
    return redirect("desk:assignment", public_id)
