"""Whom a message mentions: references in its text, told once, following from then on."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from neike.desk import policies, queries
from neike.desk.actions.errors import DeskError
from neike.desk.actions.work import Work
from neike.desk.choices import EventKind, Visibility
from neike.desk.models import Mention, Message, Participant
from neike.engines import mentions as written
from neike.org.models import Person


class MentionRefusedError(DeskError):
    """A mention opens nothing: who may not read what is written there cannot be spoken to there."""

    def __init__(self, people: Sequence[Person], visibility: str) -> None:
        self.people, self.visibility = list(people), visibility
        super().__init__(len(self.people))

    def __str__(self) -> str:
        names = {"people": _(", ").join(person.name for person in self.people)}
        if self.visibility == Visibility.INTERNAL:
            return (
                _(
                    "%(people)s may not read internal notes here. Take the mention out, or reply publicly."
                )
                % names
            )
        return (
            _(
                "%(people)s may not read this request. Let them follow it first, or take the mention out."
            )
            % names
        )


def mentioned(work: Work, body: str, visibility: str) -> tuple[str, list[Person]]:
    """Return a text with references in place of names, and whom it mentions.

    Raises:
        MentionRefusedError: somebody among them may not read what is written there.
    """
    if work.by is None or "@" not in body:
        return body, []
    meant = queries.people_written(work.by, body, now=work.now)
    if not meant:
        return body, []
    refused = queries.left_out(list(meant.values()), work.ticket, visibility, now=work.now)
    if refused:
        raise MentionRefusedError(refused, visibility)
    text = written.replaced(body, lambda each: str(meant[each].public_id) if each in meant else "")
    stands = set(written.references(text))
    people = {each.pk: each for each in meant.values() if str(each.public_id) in stands}
    return text, list(people.values())


def keep_mentions(work: Work, message: Message, people: Collection[Person]) -> None:
    """Write down whom a message mentions, and let them follow, where the writer may share the request."""
    if not people:
        return
    Mention.objects.bulk_create(Mention(message=message, person=person) for person in people)
    if work.by is None or not policies.may_add_participant(work.who, work.ticket):
        return
    near = _near(work)
    for person in people:
        if person.pk in near:
            continue
        _row, created = Participant.objects.get_or_create(
            ticket=work.ticket,
            person=person,
            defaults={"added_by": work.by, "added_at": work.now},
        )
        if created:
            work.happen(EventKind.PARTICIPANT_ADDED, person=person.pk)


def _near(work: Work) -> set[int | None]:
    """Return who hears of the request anyhow: who asked, who works on it, and the writer."""
    ticket = work.ticket
    assigned = {leg.assignee_id for leg in work.log.course.legs if leg.is_open}
    return {ticket.requester_id, ticket.raised_by_id, work.by.pk if work.by else None} | assigned


def see_mentions(found: Collection[Mention], *, person: Person, now: datetime) -> None:
    """Note that a person has opened the request in which they were mentioned; nothing to do the next time."""
    new = [each.pk for each in found if each.person_id == person.pk and each.seen_at is None]
    if new:
        Mention.objects.filter(pk__in=new).update(seen_at=now)
