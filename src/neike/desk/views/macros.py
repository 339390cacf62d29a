"""Macros: replies kept ready, own ones and those of departments."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.desk import actions, forms, queries
from neike.desk.models import Macro
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy
from neike.kernel.texts import LocalizedText
from neike.org.models import Department


@require_safe
@policy("desk.use")
def macros(request: HttpRequest) -> HttpResponse:
    """List the reader's macros and those shared with them."""
    who = reader(request)
    rows = [
        (each, who.chart.name(each.department_id) if each.department_id else "")
        for each in queries.macros_to(who.who)
    ]
    return render(request, "desk/queue/macros.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def new_macro(request: HttpRequest) -> HttpResponse:
    """Keep a reply ready."""
    return _edit(request, reader(request), None)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def edit_macro(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a macro."""
    who = reader(request)
    return _edit(request, who, get_object_or_404(queries.macros_to(who.who), public_id=public_id))


def _edit(request: HttpRequest, who: Reader, macro: Macro | None) -> HttpResponse:
    departments = Department.objects.filter(pk__in=who.who.serves | who.who.leads).order_by("code")
    form = forms.MacroForm(
        request.POST or None,
        initial=_initial(macro) if macro else None,
        departments=departments,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.keep_macro(
                by=who.person,
                name=LocalizedText.of(zh=data["name_zh"], en=data["name_en"]),
                body=LocalizedText.of(zh=data["body_zh"], en=data["body_en"]),
                department=data["department"],
                macro=macro,
                version=data["version"] or 0,
                now=who.now,
            )
        except actions.DeskError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The macro is saved."))
            return HttpResponseRedirect(reverse("desk:macros"))
    status = 422 if form.is_bound else 200
    context = {"form": form, "macro": macro}
    return render(request, "desk/queue/macro_form.html", context, status=status)


def _initial(macro: Macro) -> dict[str, object]:
    name, body = macro.name.as_json(), macro.body.as_json()
    return {
        "name_en": name.get("en", ""),
        "name_zh": name.get("zh-hans", ""),
        "body_en": body.get("en", ""),
        "body_zh": body.get("zh-hans", ""),
        "department": macro.department.public_id if macro.department else None,
        "version": macro.version,
    }


@require_POST
@policy("desk.use")
def delete_macro(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Delete a macro."""
    who = reader(request)
    macro = get_object_or_404(queries.macros_to(who.who), public_id=public_id)
    actions.delete_macro(macro=macro, by=who.person, now=who.now)
    messages.success(request, _("The macro is deleted. What was written with it stays."))
    return HttpResponseRedirect(reverse("desk:macros"))
