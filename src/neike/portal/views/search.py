"""Search over everything one may see, and suggestions while typing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.desk import actions as desk_actions
from neike.desk import policies as desk_policies
from neike.desk import queries as desk_queries
from neike.desk.display.states import TICKET_TONES
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.portal import queries
from neike.portal.display.marking import marked, snippet
from neike.portal.queries import FIRST, KINDS
from neike.portal.queries.finding import LONGEST, Found, Group, Seeker
from neike.portal.views.reading import seeker
from neike.relations.display.ends import sentence
from neike.relations.models import Agreement, Need, ServiceRelation

_SUGGESTED: Final = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One thing found, ready to be shown."""

    title: SafeString
    url: str
    icon: str
    below: str
    excerpt: SafeString
    badge: str = ""
    tone: str = "neutral"
    person: str = ""


@require_safe
@policy("portal.search")
@limited("portal.search", "120/m", by="person", methods=("GET",))
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits, by kind; the number of a request leads straight to it."""
    who = seeker(request)
    text = _text(request)
    path = _path_of(who, text)
    if path:
        return HttpResponseRedirect(path)
    kind = request.GET.get("in", "")
    kind = kind if kind in KINDS else ""
    groups = queries.find(who, text)
    if text and not groups:
        desk_actions.record_search(text=text, found=False, by=who.person, now=who.now)
    shown = [group for group in groups if not kind or group.kind == kind]
    context = {
        "q": text,
        "kind": kind,
        "tabs": _tabs(text, kind, groups),
        "groups": [
            _shown(who, group, text, most=queries.MOST if kind else FIRST) for group in shown
        ],
    }
    return render(request, "portal/search.html", context)


@require_safe
@policy("portal.search")
@limited("portal.suggest", "240/m", by="person", methods=("GET",))
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggest services, articles, own requests and people while somebody types."""
    who = seeker(request)
    text = _text(request)
    groups = queries.find(who, text, kinds=("services", "articles", "requests", "people"))
    context = {
        "q": text,
        "groups": [_shown(who, group, text, most=_SUGGESTED) for group in groups],
    }
    return render(request, "portal/_suggestions.html", context)


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]


def _path_of(who: Seeker, text: str) -> str:
    """Return the address of the request a text names, if the person may read it."""
    number = queries.number_meant(text)
    if number is None:
        return ""
    standing = desk_policies.standing(who.person, now=who.now)
    found = desk_queries.tickets_visible_to(standing).filter(number=number).first()
    return found.path if found else ""


def _labels() -> dict[str, str]:
    return {
        "services": _("Services"),
        "articles": _("Knowledge"),
        "requests": _("Requests"),
        "people": _("People"),
        "departments": _("Departments"),
        "relations": _("Service relations"),
    }


def _tabs(text: str, current: str, groups: list[Group]) -> list[dict[str, Any]]:
    labels, counts = _labels(), {group.kind: group.count_text for group in groups}
    tabs = [{"label": _("Everything"), "href": _address(text), "current": not current, "count": ""}]
    return tabs + [
        {
            "label": labels[kind],
            "href": _address(text, kind),
            "current": kind == current,
            "count": counts.get(kind, "0"),
        }
        for kind in KINDS
    ]


def _address(text: str, kind: str = "") -> str:
    return f"{reverse('portal:search')}?{urlencode({'q': text, **({'in': kind} if kind else {})})}"


def _shown(who: Seeker, group: Group, text: str, *, most: int) -> dict[str, Any]:
    draw = _LINES[group.kind]
    return {
        "kind": group.kind,
        "label": _labels()[group.kind],
        "count": group.count_text,
        "lines": [draw(who, each, text) for each in group.found[:most]],
        "more": _address(text, group.kind) if group.count > most else "",
        "is_capped": group.is_capped,
    }


def _request_line(who: Seeker, found: Found, text: str) -> Line:
    ticket: Any = found.thing
    return Line(
        title=marked(f"{ticket} {ticket.title}", text),
        url=ticket.path,
        icon="lock" if ticket.confidential else "desk",
        below=_("%(service)s · %(department)s")
        % {"service": ticket.service.name, "department": who.chart.name(ticket.supplier_id)},
        excerpt=snippet(found.excerpt, text),
        badge=str(ticket.get_state_display()),
        tone=TICKET_TONES[ticket.state],
    )


def _service_line(who: Seeker, found: Found, text: str) -> Line:
    service: Any = found.thing
    return Line(
        title=marked(str(service.name), text),
        url=reverse("desk:new", args=[service.key]),
        icon=service.icon,
        below=who.chart.name(service.department_id),
        excerpt=snippet(found.excerpt, text),
    )


def _article_line(who: Seeker, found: Found, text: str) -> Line:
    article: Any = found.thing
    return Line(
        title=marked(str(article.title), text),
        url=f"{article.path}?{urlencode({'q': text})}",
        icon="note",
        below=who.chart.name(article.department_id),
        excerpt=snippet(found.excerpt, text),
    )


def _person_line(who: Seeker, found: Found, text: str) -> Line:
    person: Any = found.thing
    posts = [who.chart.name(each.department_id) for each in person.placements_now]
    return Line(
        title=marked(person.name, text),
        url=reverse("org:person", args=[person.public_id]),
        icon="person",
        below=" · ".join(dict.fromkeys([person.employee_no, *filter(None, posts)])),
        excerpt=SafeString(""),
        person=person.name,
    )


def _department_line(who: Seeker, found: Found, text: str) -> Line:
    department: Any = found.thing
    above = who.chart.path(department.id)[:-1]
    return Line(
        title=marked(str(department.name), text),
        url=reverse("portal:loop", args=[department.public_id]),
        icon="department",
        below=" / ".join(above),
        excerpt=snippet(found.excerpt, text),
    )


def _relation_line(who: Seeker, found: Found, text: str) -> Line:
    thing: Any = found.thing
    relation: ServiceRelation = thing if isinstance(thing, ServiceRelation) else thing.relation
    said = sentence(relation, who.chart)
    if isinstance(thing, Need):
        url, title, icon = f"/relations/needs/{thing.public_id}/", found.excerpt, "target"
        below = _("Need: %(sentence)s") % {"sentence": said}
    elif isinstance(thing, Agreement):
        url, title, icon = thing.path, str(thing.service.name), "certificate"
        below = _("Agreement: %(sentence)s") % {"sentence": said}
    else:
        url, title, icon = relation.path, said, "relations"
        below = str(relation.get_kind_display())
    return Line(title=marked(title, text), url=url, icon=icon, below=below, excerpt=SafeString(""))


_LINES: Final[dict[str, Callable[[Seeker, Found, str], Line]]] = {
    "requests": _request_line,
    "services": _service_line,
    "articles": _article_line,
    "people": _person_line,
    "departments": _department_line,
    "relations": _relation_line,
}
