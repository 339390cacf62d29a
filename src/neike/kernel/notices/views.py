"""A person's notices."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from neike.kernel.notices import actions, queries
from neike.kernel.paging import address_before, before_of, newest_first
from neike.kernel.policies import policy

_LENGTH = 30


@require_safe
@policy("notices.own")
def notices(request: HttpRequest) -> HttpResponse:
    """List the person's notices, newest first; `?show=unread` narrows them."""
    only_unread = request.GET.get("show") == "unread"
    mine = queries.notices_visible_to(request.user)
    shown, further = newest_first(
        mine.filter(read_at__isnull=True) if only_unread else mine,
        before=before_of(request),
        length=_LENGTH,
    )
    context = {
        "notices": shown,
        "only_unread": only_unread,
        "show_all": not only_unread,
        "unread": queries.unread_count(request.user),
        "older": address_before(request, further),
    }
    return render(request, "notices/notices.html", context)


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
