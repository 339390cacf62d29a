"""What people keep for themselves on requests, and where they were mentioned; each asks for one person's own only."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from neike.desk import policies
from neike.desk.choices import FINAL_TICKET_STATES, Visibility
from neike.desk.models import Mention, OwnSheet, Ticket
from neike.desk.policies import Standing
from neike.engines import mentions as written
from neike.engines.worktime import PreparedCalendar
from neike.kernel.texts.markdown import Link
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.queries.directory import matching, present

OFFERED: Final = 8
"""So many people are offered while somebody types a name."""
LISTED: Final = 50
"""More than this of a kind are not listed."""


def sheet_of(person_id: int, ticket_id: int) -> OwnSheet:
    """Return what a person keeps on a request; an empty sheet where they keep nothing; one query."""
    found = OwnSheet.objects.filter(person=person_id, ticket=ticket_id).first()
    return found or OwnSheet(person_id=person_id, ticket_id=ticket_id)


def snoozed_by(person_id: int, *, now: datetime) -> dict[int, datetime]:
    """Return until when a person hides which requests from their working lists; one query."""
    hidden = OwnSheet.objects.filter(person=person_id, snoozed_until__gt=now)
    rows = hidden.values_list("ticket_id", "snoozed_until")
    return {ticket: until for ticket, until in rows if until is not None}


def hidden_tickets(person_id: int, *, now: datetime) -> QuerySet[OwnSheet, int]:
    """Return the ids of the requests a person hides now, to be left out by a list of their work."""
    hidden = OwnSheet.objects.filter(person=person_id, snoozed_until__gt=now)
    return hidden.values_list("ticket_id", flat=True)


def own_calendar(person: Person, *, now: datetime) -> PreparedCalendar:
    """Return the hours a person works in: those of their department, else the organisation's."""
    on = org_queries.organisation_day(now)
    department = org_queries.department_of(person, on=on)
    calendar = (
        org_queries.calendar_of(department, on=on)
        if department is not None
        else org_queries.default_calendar()
    )
    return org_queries.prepared_calendar(calendar)


def sheets_of(who: Standing, kept: Q) -> list[OwnSheet]:
    """Return a person's sheets of a kind, as far as they may still read the requests; two queries at most."""
    rows = OwnSheet.objects.filter(kept, person=who.person_id).select_related("ticket")
    found = list(rows[: 4 * LISTED])
    readable = readable_among(who, [row.ticket_id for row in found])
    return [row for row in found if row.ticket_id in readable][:LISTED]


def readable_among(who: Standing, tickets: Collection[int]) -> set[int]:
    """Return those of the requests that a person may read; one query, none for nothing."""
    if not tickets:
        return set()
    rows = Ticket.objects.filter(policies.readable_by(who), pk__in=tickets)
    return set(rows.values_list("pk", flat=True))


SNOOZED: Final = Q(snoozed_until__isnull=False)
DRAFTED: Final = Q(written_at__isnull=False)
REMINDED: Final = Q(remind_at__isnull=False)


def due_reminders(who: Standing, *, now: datetime) -> list[OwnSheet]:
    """Return the reminders whose time has come, the oldest first."""
    return sorted(sheets_of(who, Q(remind_at__lte=now)), key=lambda sheet: sheet.remind_at or now)


def mentions_of(who: Standing, *, unseen: bool = False) -> list[Mention]:
    """Return where a person was mentioned, the latest first, as far as they may still read it; two queries at most.

    `unseen`: only what they have not opened, of requests that are still open.
    """
    rows = Mention.objects.filter(person=who.person_id).exclude(message__author=who.person_id)
    if unseen:
        rows = rows.filter(seen_at__isnull=True).exclude(
            message__ticket__state__in=FINAL_TICKET_STATES
        )
    rows = rows.select_related("message__ticket", "message__author").order_by("-pk")
    found = list(rows[: 2 * LISTED])
    readable = readable_among(who, [row.message.ticket_id for row in found])
    return [row for row in found if row.message.ticket_id in readable][:LISTED]


def mentions_in(ticket: Ticket, *, internal: bool) -> list[Mention]:
    """Return whom the messages of a request mention, those of internal notes only for who reads them; one query."""
    rows = Mention.objects.filter(message__ticket=ticket).select_related("person")
    return list(rows if internal else rows.filter(message__visibility=Visibility.PUBLIC))


def links_of(found: Collection[Mention]) -> dict[str, Link]:
    """Return how each reference of a request's messages is shown: the person's present name and page.

    An erased person has no name and no page any more.
    """
    return {
        str(each.person.public_id): Link(
            f"@{each.person.name}",
            "" if each.person.erased_at else reverse("org:person", args=[each.person.public_id]),
        )
        for each in found
    }


def people_to_mention(writer: Person, text: str, *, now: datetime) -> list[Person]:
    """Return whom a writer may mean by what they typed: name, pinyin, initials or number; present colleagues only."""
    on = org_queries.organisation_day(now)
    people = present(org_queries.people_visible_to(writer), on=on).exclude(pk=writer.pk)
    return list(matching(people, text).order_by("name_latin", "pk")[:OFFERED])


def people_written(writer: Person, text: str, *, now: datetime) -> Mapping[written.Written, Person]:
    """Return whom the mentions in a text mean, as far as the writer may see them in the directory; one query.

    A name in front of a number counts only where it is the person's.
    """
    found = written.written(text)
    if not found:
        return {}
    numbers = {each.number for each in found if each.number}
    numbers |= {each.upper() for each in numbers} | {each.lower() for each in numbers}
    references = {each.reference for each in found if each.reference}
    on = org_queries.organisation_day(now)
    visible = present(org_queries.people_visible_to(writer), on=on)
    rows = visible.filter(Q(employee_no__in=numbers) | Q(public_id__in=references))
    by_key = {key: each for each in rows for key in (each.employee_no, str(each.public_id))}
    by_key |= {each.employee_no.lower(): each for each in rows if each.employee_no not in numbers}
    meant = {}
    for each in found:
        key = each.reference or each.number
        person = by_key.get(key) or by_key.get(key.lower())
        if person and each.name in ("", written.plain_name(person.name)):
            meant[each] = person
    return meant


def left_out(
    people: Collection[Person], ticket: Ticket, visibility: str, *, now: datetime
) -> list[Person]:
    """Return those of the people who may not read what is written to a request there."""
    return [
        person
        for person in {each.pk: each for each in people}.values()
        if not _may_read(policies.standing(person, now=now), ticket, visibility)
    ]


def _may_read(who: Standing, ticket: Ticket, visibility: str) -> bool:
    if not policies.may_read(who, ticket):
        return False
    return visibility == Visibility.PUBLIC or bool(policies.may_read_internal(who, ticket))
