"""Tell those whose requests belong to a major incident how it stands."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from neike.desk import events, policies
from neike.desk.choices import FINAL_TICKET_STATES, NoticeChange
from neike.desk.models import DepartmentNotice, IncidentLink
from neike.kernel import notices
from neike.kernel.outbox import receives
from neike.org.models import Person

_TITLES = {
    NoticeChange.UPDATED: _("News about what you reported: %(title)s"),
    NoticeChange.ENDED: _("It is over: %(title)s"),
}


@receives(events.NoticeChanged)
def tell_the_affected(event: events.NoticeChanged, *, now: datetime) -> None:
    """Leave each requester of an open, linked request one notice per update, and one at the end."""
    title = _TITLES.get(NoticeChange(event.change))
    notice = DepartmentNotice.objects.get(pk=event.notice_id)
    if title is None or not notice.is_incident:
        return
    links = IncidentLink.objects.filter(
        notice=notice, unlinked_at__isnull=True, ticket__requester=OuterRef("pk")
    ).exclude(ticket__state__in=FINAL_TICKET_STATES)
    for person in Person.objects.filter(Exists(links)).order_by("pk"):
        if person.pk == event.by_id or not person.can_sign_in:
            continue
        if not policies.may_read_notice(policies.standing(person, now=now), notice):
            continue
        notices.notify(
            person=person,
            kind="desk.incident",
            url=notice.path,
            title=title,
            params={"title": notice.title},
            now=now,
            key=f"notice:{notice.pk}:{event.no}",
        )
