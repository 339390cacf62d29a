"""Reading notices: the list, one notice with its requests, and the banners of other pages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk import forms, live, policies
from neike.desk.choices import NoticeKind, NoticeState
from neike.desk.display import department_notices as display
from neike.desk.display.states import TICKET_TONES
from neike.desk.display.times import seconds_to_next
from neike.desk.models import DepartmentNotice, Ticket
from neike.desk.queries import department_notices as queries
from neike.desk.queries.queues import Cursor, page_of
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy

PAGE: Final = 50
_PAST: Final = 50


@require_safe
@policy("desk.use")
def department_notices(request: HttpRequest) -> HttpResponse:
    """List what departments tell the reader: now, to come, drafts of their own, and what is over."""
    who = reader(request)
    current = queries.current_notices(who.who, now=who.now)
    past = list(queries.past_notices(who.who, now=who.now).prefetch_related("services")[:_PAST])
    drafts = list(queries.own_drafts(who.who).prefetch_related("services")[:_PAST])
    known = queries.known_requests(who.person.pk, [each.pk for each in current])
    parts = {
        "current": banners(who, current, known),
        "past": banners(who, past),
        "drafts": banners(who, drafts),
    }
    context = {
        **parts,
        "may_write": bool(who.who.serves or who.who.leads),
        "kinds": NoticeKind,
        "now": who.now,
        "topics": live.notices_heard(queries.near_departments(who.who)),
        "next_change": next_change(current, who),
    }
    return render(request, "desk/department_notices/list.html", context)


def banners(
    who: Reader,
    notices: Sequence[DepartmentNotice],
    known: Mapping[int, Ticket] | None = None,
) -> list[display.Banner]:
    """Return notices as banners, each with the services the reader may know of; one query."""
    wanted = {each.pk for notice in notices for each in notice.services.all()}
    offered: dict[int, Service] = {}
    if wanted:
        visible = catalog_queries.services_visible_to(who.person, who.who.on)
        offered = {each.pk: each for each in visible.filter(pk__in=wanted)}
    return [
        display.banner(
            each,
            who.chart,
            now=who.now,
            known=known,
            services=[
                offered[service.pk] for service in each.services.all() if service.pk in offered
            ],
        )
        for each in notices
    ]


def next_change(notices: Sequence[DepartmentNotice], who: Reader) -> int:
    """Return in how many seconds time alone changes what is said."""
    return seconds_to_next(
        (moment for each in notices for moment in (each.starts_at, each.ends_at)), now=who.now
    )


def banner_context(who: Reader, service: Service | None = None) -> dict[str, Any]:
    """Return what `_banners.html` shows: all that concerns the reader, or what is about a service."""
    current = queries.current_notices(who.who, now=who.now)
    if service is not None:
        current = [each for each in current if queries.concerns(each, service)]
    else:
        current = _concerning(who, current)
    incidents = [each.pk for each in current if each.is_incident]
    return {
        "banners": banners(who, current, queries.known_requests(who.person.pk, incidents)),
        "banners_of": service.key if service else "",
        "banners_change": next_change(current, who),
    }


def _concerning(who: Reader, notices: Sequence[DepartmentNotice]) -> list[DepartmentNotice]:
    """Leave out what is only about services that the reader is not offered."""
    wanted = {each.pk for notice in notices for each in notice.services.all()}
    if not wanted:
        return list(notices)
    visible = catalog_queries.services_visible_to(who.person, who.who.on)
    offered = set(visible.filter(pk__in=wanted).values_list("pk", flat=True))
    return [
        each
        for each in notices
        if not each.services.all() or any(one.pk in offered for one in each.services.all())
    ]


@require_safe
@policy("desk.use")
def notice_banners(request: HttpRequest) -> HttpResponse:
    """Answer with the banners of a page as they are now; of a service that is hidden there are none."""
    who = reader(request)
    key = request.GET.get("service", "").replace("\x00", "")[:64]
    service = None
    if key:
        offered = catalog_queries.services_visible_to(who.person, who.who.on)
        service = get_object_or_404(offered, key=key)
    return render(request, "desk/department_notices/_banners.html", banner_context(who, service))


def notice_of(who: Reader, public_id: UUID) -> DepartmentNotice:
    """Return a notice the reader may read; a hidden one is absent.

    Raises:
        Http404: there is none, or not for this person.
    """
    found = queries.notices_visible_to(who.who).select_related("department")
    return get_object_or_404(found.prefetch_related("services", "audience"), public_id=public_id)


@require_safe
@policy("desk.use")
def department_notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a notice, what was said about it when, and the requests that belong to it."""
    who = reader(request)
    return notice_page(request, who, notice_of(who, public_id))


def notice_page(
    request: HttpRequest,
    who: Reader,
    notice: DepartmentNotice,
    *,
    bound: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a notice; `bound` are forms that were refused, by their verb."""
    manages = bool(policies.may_manage_notice(who.who, notice.department_id))
    over = notice.ends_at is not None and notice.ends_at <= who.now
    running = notice.is_published and not over
    known = queries.known_requests(who.person.pk, [notice.pk] if notice.is_incident else [])
    entries = notice.entries.select_related("by").order_by("-no")
    context = {
        "notice": notice,
        "shown": banners(who, [notice], known if running else None)[0],
        "audience": [who.chart.name(each.pk) for each in notice.audience.all()],
        "lines": display.lines(entries, manages=manages),
        "manages": manages,
        "running": running,
        "is_draft": notice.state == NoticeState.DRAFT,
        "now": who.now,
        "topics": " ".join(
            [*live.topics_of_notice(notice, audience=[each.pk for each in notice.audience.all()])]
        ),
        "next_change": next_change([notice], who),
        **(_move_forms(notice, bound or {}) if manages else {}),
        **(_requests(request, who, notice) if notice.is_incident else {}),
    }
    return render(request, "desk/department_notices/notice.html", context, status=status)


def _move_forms(notice: DepartmentNotice, bound: dict[str, Any]) -> dict[str, Any]:
    """Return the forms of what can be done; those refused as they were sent."""
    initial = {"version": notice.version}
    fresh = {
        verb: forms.NoticeMoveForm(initial=initial, label=label, auto_id=f"{verb}-%s")
        for verb, label in labels().items()
    }
    together = {
        "answer": forms.TogetherForm(auto_id="answer-%s"),
        "resolve": forms.TogetherForm(auto_id="resolve-%s"),
    }
    return {"moves": {**fresh, **together, **bound}, "opened": next(iter(bound), "")}


def labels() -> dict[str, str]:
    """Return what the text of each step is called."""
    return {"update": _("Update"), "end": _("What was done"), "withdraw": _("Why it is taken back")}


def _requests(request: HttpRequest, who: Reader, notice: DepartmentNotice) -> dict[str, Any]:
    """Return the requests of an incident that the reader may open, and how many there are."""
    rows = queries.linked_visible_to(who.who, notice).select_related("service", "requester")
    page = page_of(
        rows,
        field="submitted_at",
        after=Cursor.parse(request.GET.get("after", "")),
        size=PAGE,
        newest_first=True,
    )
    return {
        "counts": queries.linked_counts(who.who, notice),
        "fewest": queries.FEWEST,
        "rows": [
            {
                "ticket": each,
                "tone": TICKET_TONES[each.state],
                "customer": who.chart.name(each.customer_id),
            }
            for each in page.rows
        ],
        "next": f"?after={page.following}" if page.following else "",
    }
