"""What people of the demo company keep for themselves: a mention, hidden requests, reminders, unsent words."""

from datetime import timedelta
from typing import Any, Final

from neike.desk.choices import OPEN_LEG_STATES, Visibility
from neike.desk.models import Leg, Mention, Message, OwnSheet, Ticket
from neike.kernel.demo import Company
from neike.org.demo import accounts
from neike.org.demo.people import Staff
from neike.org.models import Person

_DRAFT: Final = "已收到，权限正在申请，预计明天上午开通，届时我"
_REMINDERS: Final = (
    (accounts.IT_AGENT, "问供应商到货日期", timedelta(hours=-3)),
    (accounts.HR_AGENT, "核对报到名单", timedelta(hours=-2)),
    (accounts.ABROAD, "Ask for the invoice", timedelta(hours=-1)),
)


def load_own(company: Company) -> None:
    """Let a colleague be mentioned in a note, and some keep a request for later."""
    staff: Staff = company.shared["staff"]
    _mention(Person.objects.get(pk=staff[accounts.HR_AGENT].pk))
    for number, note, since in _REMINDERS:
        at = company.now + since
        for ticket in _tickets_of(staff[number].pk)[:1]:
            OwnSheet.objects.update_or_create(
                person_id=staff[number].pk,
                ticket=ticket,
                defaults={"reminder": note, "remind_at": at, "reminded_at": at},
            )
    _put_off(company, staff[accounts.IT_AGENT].pk)


def _mention(person: Person) -> None:
    """Speak to a person in the latest internal note of a request they work on."""
    notes = Message.objects.filter(visibility=Visibility.INTERNAL).exclude(author=person)
    mine = Leg.objects.filter(assignee=person, state__in=OPEN_LEG_STATES)
    note = notes.filter(ticket__in=mine.values("ticket")).order_by("-created_at", "-pk").first()
    if note is not None:
        note.body = f"@{{{person.public_id}}} {note.body}"
        note.save(update_fields=["body"])
        Mention.objects.create(message=note, person=person)


def _put_off(company: Company, person_id: int) -> None:
    """Hide one request until next week, and begin a reply to another."""
    tickets = _tickets_of(person_id)[1:3]
    kept: tuple[dict[str, Any], ...] = (
        {"snoozed_until": company.now + timedelta(days=3)},
        {"reply": _DRAFT, "written_at": company.now - timedelta(hours=1)},
    )
    for ticket, values in zip(tickets, kept, strict=False):
        OwnSheet.objects.update_or_create(person_id=person_id, ticket=ticket, defaults=values)


def _tickets_of(person_id: int) -> list[Ticket]:
    """Return the requests in a person's hands, else their own, the oldest first."""
    hands = Leg.objects.filter(assignee=person_id, state__in=OPEN_LEG_STATES)
    found = list(Ticket.objects.filter(pk__in=hands.values("ticket")).order_by("pk")[:3])
    return found or list(Ticket.objects.filter(requester=person_id).order_by("-pk")[:3])
