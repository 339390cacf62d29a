"""A person's notices."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from neike.kernel.notices import actions, queries
from neike.kernel.notices.kinds import SubjectShown, kind_of, subject_shown
from neike.kernel.notices.mailing import title_of
from neike.kernel.notices.models import Notice
from neike.kernel.paging import address_before, before_of, newest_first
from neike.kernel.policies import policy

_LENGTH = 30


@dataclass(slots=True)
class Row:
    """One notice as its reader may see it now."""

    notice: Notice
    title: str
    because: str


@dataclass(slots=True)
class Group:
    """The notices of this page about one thing, newest first; `label` "" for what is about nothing in particular."""

    label: str
    path: str = ""
    kind: str = ""
    number: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def unread(self) -> int:
        """Return how many of them are unread."""
        return sum(row.notice.read_at is None for row in self.rows)


@require_safe
@policy("notices.own")
def notices(request: HttpRequest) -> HttpResponse:
    """List the person's notices, newest first, those about one request together; `?show=unread` narrows them."""
    only_unread = request.GET.get("show") == "unread"
    mine = queries.notices_visible_to(request.user)
    shown, further = newest_first(
        mine.filter(read_at__isnull=True) if only_unread else mine,
        before=before_of(request),
        length=_LENGTH,
    )
    subjects = {each.subject for each in shown if each.subject}
    known = subject_shown(request.user, subjects, now=timezone.now()) if subjects else {}
    context = {
        "notices": shown,
        "groups": _groups(shown, known),
        "only_unread": only_unread,
        "show_all": not only_unread,
        "unread": queries.unread_count(request.user),
        "older": address_before(request, further),
    }
    return render(request, "notices/notices.html", context)


def _groups(shown: Iterable[Notice], known: dict[str, SubjectShown]) -> list[Group]:
    """Return the notices grouped by what they are about; each group stands where its newest notice stood."""
    groups: dict[str, Group] = {}
    for each in shown:
        about = known.get(each.subject)
        kind, _colon, number = each.subject.partition(":")
        key = each.subject or f"#{each.pk}"
        group = groups.setdefault(
            key, Group(about.label if about else "", each.url, kind if about else "", number)
        )
        because = str(each.because) or str(kind_of(each.kind).because)
        title = str(each.title)
        if each.subject:
            title = title_of(each, about) if about else str(kind_of(each.kind).label)
        group.rows.append(Row(each, title, because))
    return list(groups.values())


@require_POST
@policy("notices.own")
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    notice = actions.mark_read(person=request.user, notice_id=pk, now=timezone.now())
    if notice is None:
        raise Http404
    return HttpResponseRedirect(notice.url)


@require_POST
@policy("notices.own")
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read and show the list again."""
    actions.mark_all_read(person=request.user, now=timezone.now())
    return redirect("notices:list")


@require_POST
@policy("notices.own")
def subject_read(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Mark everything about one thing as read and show the list again."""
    actions.mark_subject_read(person=request.user, subject=f"{kind}:{pk}", now=timezone.now())
    return redirect("notices:list")
