"""What people keep for themselves on a request: unsent words, hiding it until later, a reminder. Never an event."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from neike.desk import policies, queries
from neike.desk.actions.errors import BadTextError, DeskError
from neike.desk.actions.work import TEXT_LIMIT
from neike.desk.choices import Later, Visibility
from neike.desk.models import Message, OwnSheet, Ticket
from neike.engines import later
from neike.kernel import live
from neike.kernel.policies import require
from neike.org.models import Person

DRAFTS_STAY: Final = timedelta(days=30)
"""So long unsent words are kept after the last key."""
REMINDER_LIMIT: Final = 200
MOST_SNOOZED: Final = 500
_PARTS: Final[Mapping[str, str]] = {Visibility.PUBLIC: "reply", Visibility.INTERNAL: "note"}
_EMPTY: Final = Q(reply="", note="", snoozed_until__isnull=True, remind_at__isnull=True)


class BadMomentError(DeskError):
    """What is to come back must come back, and not in years."""

    def __str__(self) -> str:
        return _("Please choose a day after now, within the next twelve months.")


class TooManySnoozedError(DeskError):
    """Who hides everything sees nothing."""

    def __str__(self) -> str:
        return _("You hide %(count)d requests already. Bring some back first.") % {
            "count": MOST_SNOOZED
        }


@transaction.atomic
def keep_words(
    *, ticket: Ticket, by: Person, visibility: str, body: str, client_key: str = "", now: datetime
) -> bool:
    """Keep what a person has typed so far in reply or note; empty words are forgotten. Tells whether it is kept.

    `client_key` is that of the form: once its message is sent, a late word from the page changes nothing.

    Raises:
        PermissionDenied: the person may not write there.
        BadTextError: it is longer than a message may be.
    """
    require(policies.may_post(policies.standing(by, now=now), ticket, visibility))
    body = body.replace("\x00", "").rstrip()
    if len(body) > TEXT_LIMIT:
        raise BadTextError(TEXT_LIMIT)
    if client_key and Message.objects.filter(author=by, client_key=client_key).exists():
        return False
    if not body.strip():
        forget_words(ticket=ticket, by=by, visibility=visibility)
        return False
    _change(ticket, by, {_PARTS[visibility]: body, "written_at": now})
    return True


@transaction.atomic
def forget_words(*, ticket: Ticket, by: Person, visibility: str) -> None:
    """Forget what a person has typed in reply or note, because it is sent or not wanted."""
    sheet = _locked(ticket, by)
    if sheet is None:
        return
    setattr(sheet, _PARTS[visibility], "")
    if not sheet.reply and not sheet.note:
        sheet.written_at = None
    _save_or_forget(sheet)


def forget_old_words(*, now: datetime) -> int:
    """Forget what nobody has touched for thirty days; returns on how many requests."""
    old = OwnSheet.objects.filter(written_at__lt=now - DRAFTS_STAY)
    count = old.update(reply="", note="", written_at=None)
    OwnSheet.objects.filter(_EMPTY).delete()
    return count


def forget_person(person_id: int) -> None:
    """Forget all that a person kept for themselves."""
    OwnSheet.objects.filter(person=person_id).delete()


def later_moment(*, person: Person, wanted: Later, day: date | None, now: datetime) -> datetime:
    """Return the moment a person means, in the working time of their own calendar.

    Raises:
        BadMomentError: it is not ahead, or more than a year ahead.
    """
    if wanted == Later.DATE and day is None:
        raise BadMomentError
    try:
        calendar = queries.own_calendar(person, now=now)
        at = later.moment_of(later.Later(wanted.value), calendar, now=now, day=day)
    except (ValueError, OverflowError) as error:  # a day that no calendar reaches
        raise BadMomentError from error
    if not now < at <= now + later.FARTHEST:
        raise BadMomentError
    return at


@transaction.atomic
def snooze(*, ticket: Ticket, by: Person, until: datetime, now: datetime) -> OwnSheet:
    """Hide a request from a person's own working lists until a moment. Nobody else notices, no promise moves.

    Raises:
        PermissionDenied: they do not serve it, so it is in no working list of theirs.
        BadMomentError: the moment is not ahead, or too far.
        TooManySnoozedError: they hide hundreds already.
    """
    require(policies.may_snooze(policies.standing(by, now=now), ticket))
    if not now < until <= now + later.FARTHEST:
        raise BadMomentError
    others = OwnSheet.objects.filter(person=by, snoozed_until__gt=now).exclude(ticket=ticket)
    if others.count() >= MOST_SNOOZED:
        raise TooManySnoozedError
    live.changed(f"person:{by.pk}", now=now)
    return _change(ticket, by, {"snoozed_until": until})


@transaction.atomic
def end_snooze(*, ticket: Ticket, by: Person, now: datetime) -> bool:
    """Bring a request back into a person's own lists; tells whether it was hidden."""
    sheet = _locked(ticket, by)
    if sheet is None or sheet.snoozed_until is None:
        return False
    sheet.snoozed_until = None
    _save_or_forget(sheet)
    live.changed(f"person:{by.pk}", now=now)
    return True


@transaction.atomic
def remind(*, ticket: Ticket, by: Person, at: datetime, note: str, now: datetime) -> OwnSheet:
    """Let a person be reminded of a request they may read, with a short note of their own; a new one replaces the last.

    Raises:
        PermissionDenied: they may not read it.
        BadMomentError: the moment is not ahead, or too far.
        BadTextError: the note is too long.
    """
    require(policies.may_read(policies.standing(by, now=now), ticket))
    note = " ".join(note.replace("\x00", "").split())
    if len(note) > REMINDER_LIMIT:
        raise BadTextError(REMINDER_LIMIT)
    if not now < at <= now + later.FARTHEST:
        raise BadMomentError
    return _change(ticket, by, {"remind_at": at, "reminder": note, "reminded_at": None})


@transaction.atomic
def end_reminder(*, ticket: Ticket, by: Person, now: datetime) -> bool:
    """Take a reminder away, done or not wanted; tells whether there was one."""
    sheet = _locked(ticket, by)
    if sheet is None or sheet.remind_at is None:
        return False
    sheet.reminder, sheet.remind_at, sheet.reminded_at = "", None, None
    _save_or_forget(sheet)
    live.changed(f"person:{by.pk}", now=now)
    return True


@transaction.atomic
def wake(*, ticket_id: int, but: int | None) -> list[Person]:
    """Bring a request back to all who hide it, but for one person; returns who they are."""
    sheets = OwnSheet.objects.select_for_update(of=("self",)).filter(
        ticket=ticket_id, snoozed_until__isnull=False
    )
    found = list(sheets.exclude(person=but).select_related("person"))
    for sheet in found:
        sheet.snoozed_until = None
        _save_or_forget(sheet)
    return [sheet.person for sheet in found]


@transaction.atomic
def wake_due(*, sheet_id: int, now: datetime) -> OwnSheet | None:
    """Bring a request back whose time has come; returns the sheet as it was, None when somebody was faster."""
    due = OwnSheet.objects.select_for_update(of=("self",)).filter(snoozed_until__lte=now)
    sheet = due.filter(pk=sheet_id).select_related("ticket", "person").first()
    if sheet is None:
        return None
    sheet.snoozed_until = None
    _save_or_forget(sheet)
    return sheet


@transaction.atomic
def ring(*, sheet_id: int, now: datetime) -> OwnSheet | None:
    """Mark a reminder as given; None when it was given, moved or taken away meanwhile."""
    due = OwnSheet.objects.select_for_update(of=("self",)).filter(
        remind_at__lte=now, reminded_at__isnull=True
    )
    sheet = due.filter(pk=sheet_id).select_related("ticket", "person").first()
    if sheet is not None:
        sheet.reminded_at = now
        sheet.save(update_fields=["reminded_at"])
    return sheet


def _locked(ticket: Ticket, person: Person) -> OwnSheet | None:
    rows = OwnSheet.objects.select_for_update()
    return rows.filter(ticket=ticket, person=person).first()


def _change(ticket: Ticket, person: Person, values: Mapping[str, Any]) -> OwnSheet:
    sheet, _created = OwnSheet.objects.update_or_create(
        person=person, ticket=ticket, defaults=dict(values)
    )
    return sheet


def _save_or_forget(sheet: OwnSheet) -> None:
    """Save a sheet, or delete it when nothing stands on it any more."""
    sheet.save()
    OwnSheet.objects.filter(_EMPTY, pk=sheet.pk).delete()
