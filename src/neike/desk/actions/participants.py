"""Who follows a request."""

from datetime import datetime

from django.db import transaction

from neike.desk import events, policies, queries
from neike.desk.actions.work import begin
from neike.desk.choices import EventKind
from neike.desk.models import Participant, Ticket
from neike.kernel import search
from neike.kernel.policies import require
from neike.org.models import Person


@transaction.atomic
def add_participant(*, ticket: Ticket, by: Person, person: Person, now: datetime) -> Participant:
    """Let somebody follow a request, and so read it; once is enough.

    Raises:
        PermissionDenied: `by` may not share it.
    """
    work = begin(ticket, by=by, now=now)
    require(policies.may_add_participant(work.who, work.ticket))
    added, created = Participant.objects.get_or_create(
        ticket=work.ticket, person=person, defaults={"added_by": by, "added_at": now}
    )
    if created:
        event = work.happen(EventKind.PARTICIPANT_ADDED, person=person.pk)
        work.tell(events.ParticipantAdded, event, person_id=person.pk)
        work.finish()
    return added


@transaction.atomic
def remove_participant(*, ticket: Ticket, by: Person, person: Person, now: datetime) -> None:
    """Let somebody follow no more; nothing happens when they did not.

    Raises:
        PermissionDenied: `by` may neither share it nor is the person.
    """
    work = begin(ticket, by=by, now=now)
    require(policies.may_remove_participant(work.who, work.ticket, person.pk))
    gone, _rows = Participant.objects.filter(ticket=work.ticket, person=person).delete()
    if gone:
        work.happen(EventKind.PARTICIPANT_REMOVED, person=person.pk)
        work.finish()
        search.index(queries.search_document(work.ticket))  # at once: they may find it no more
