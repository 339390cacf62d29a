"""Making a request again and again: set up, paused, stopped, and carried out by the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from neike.catalog import form_schema
from neike.catalog.choices import Priority
from neike.catalog.models import Service
from neike.desk import events, policies
from neike.desk.actions.errors import (
    AnswersWrongError,
    DeskError,
    RequesterWithoutDepartmentError,
    ServiceNotOfferedError,
)
from neike.desk.actions.submitting import TITLE_LIMIT, submit
from neike.desk.choices import RecurringState, StopReason
from neike.desk.models import RecurringRequest, RecurringRun, Ticket
from neike.desk.queries import recurring as recurring_queries
from neike.engines.recurrence import Occurrence, Recurrence, Rhythm, Shift, occurrences
from neike.kernel.audit.actions import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person

MOST_PER_PERSON = 50
_REFUSALS: tuple[tuple[type[Exception], StopReason], ...] = (
    (ServiceNotOfferedError, StopReason.NOT_OFFERED),
    (RequesterWithoutDepartmentError, StopReason.HOMELESS),
    (AnswersWrongError, StopReason.FORM),
    (PermissionDenied, StopReason.NOT_ALLOWED),
)


class ScheduleError(DeskError):
    """A schedule without any date to come."""

    def __str__(self) -> str:
        return _("This schedule has no date to come. Check the first and the last day.")


class TooManyRecurringError(DeskError):
    """Somebody has set up more than anybody keeps in mind."""

    def __str__(self) -> str:
        return _("You have set up %(most)d recurring requests; stop one first.") % {
            "most": MOST_PER_PERSON
        }


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a request is made again; see `engines.recurrence.Recurrence`."""

    rhythm: str
    day: int
    starts: date
    ends: date | None = None
    shift: str = Shift.AFTER.value

    def rule(self) -> Recurrence:
        """Return it as the engine reads it.

        Raises:
            ScheduleError: there is no such day.
        """
        try:
            return Recurrence(
                Rhythm(self.rhythm), self.day, self.starts, self.ends, Shift(self.shift)
            )
        except ValueError as error:
            raise ScheduleError from error


@transaction.atomic
def set_up_recurring(
    *,
    service: Service,
    by: Person,
    answers: Mapping[str, Any],
    schedule: Schedule,
    now: datetime,
    title: str = "",
    requester: Person | None = None,
    priority: str = "",
) -> RecurringRequest:
    """Let a request be made again on a schedule, for oneself or on behalf of `requester`.

    Days before today are not made up for.

    Raises:
        PermissionDenied: `by` may not ask for `requester`.
        ServiceNotOfferedError: the service is not published or not for the requester.
        AnswersWrongError: the answers do not fit the form.
        ScheduleError: the schedule has no date to come.
        TooManyRecurringError: `by` has set up too many.
    """
    requester = requester or by
    today = org_queries.organisation_day(now)
    require(policies.may_raise_for(policies.standing(by, now=now), requester, service))
    going_on = RecurringRequest.objects.exclude(state=RecurringState.STOPPED)
    if going_on.filter(set_up_by=by).count() >= MOST_PER_PERSON:
        raise TooManyRecurringError
    clean = _checked(service, requester, answers, today)
    schedule.rule()
    one = RecurringRequest(
        service=service,
        requester=requester,
        set_up_by=by,
        title=title.strip()[:TITLE_LIMIT] or str(service.name)[:TITLE_LIMIT],
        answers=clean,
        priority=priority if priority in Priority.values else "",
        rhythm=schedule.rhythm,
        day=schedule.day,
        shift=schedule.shift,
        starts=max(schedule.starts, today),
        ends=schedule.ends,
        created_at=now,
    )
    if schedule.ends is not None and one.starts > schedule.ends:
        raise ScheduleError
    _look_ahead(one, today)
    if one.next_on is None:
        raise ScheduleError
    one.save()
    _record("set_up", one, by=by, now=now, next=one.next_on.isoformat())
    return one


def _checked(
    service: Service, requester: Person, answers: Mapping[str, Any], today: date
) -> dict[str, Any]:
    offered = recurring_queries.offered_service(service, requester, today)
    if offered is None or offered.form is None:
        raise ServiceNotOfferedError
    clean, errors = form_schema.validate(form_schema.parse(offered.form.fields), answers)
    if errors:
        raise AnswersWrongError(errors)
    return clean


def _look_ahead(one: RecurringRequest, today: date) -> bool:
    """Set the next date; return whether there is one."""
    coming = next(iter(recurring_queries.next_dates(one, 1, on=today)), None)
    one.next_by_rule = coming.by_rule if coming else None
    one.next_on = coming.on if coming else None
    return coming is not None


def _locked(one: RecurringRequest, by: Person, now: datetime) -> RecurringRequest:
    found = RecurringRequest.objects.select_for_update().get(pk=one.pk)
    require(policies.may_keep_recurring(policies.standing(by, now=now), found))
    return found


@transaction.atomic
def pause_recurring(*, one: RecurringRequest, by: Person, now: datetime) -> RecurringRequest:
    """Make nothing until it goes on; dates that pass meanwhile are left out. A paused one stays as it is.

    Raises:
        PermissionDenied: it is not theirs.
    """
    one = _locked(one, by, now)
    if one.state == RecurringState.ACTIVE:
        _move(one, RecurringState.PAUSED)
        _record("paused", one, by=by, now=now)
    return one


@transaction.atomic
def resume_recurring(*, one: RecurringRequest, by: Person, now: datetime) -> RecurringRequest:
    """Go on with the first date from today on.

    Raises:
        PermissionDenied: it is not theirs.
        ScheduleError: there is no date to come.
    """
    one = _locked(one, by, now)
    if one.state != RecurringState.PAUSED:
        return one
    today = org_queries.organisation_day(now)
    _pass_over(one, today)
    if one.next_on is None:
        raise ScheduleError
    _move(one, RecurringState.ACTIVE)
    _record("resumed", one, by=by, now=now, next=one.next_on.isoformat())
    return one


def _pass_over(one: RecurringRequest, today: date) -> None:
    """Settle the dates before today without making anything."""
    worked = recurring_queries.worked_days_of(one.requester, on=today)
    coming = occurrences(recurring_queries.rule_of(one), after=one.done_until, is_worked=worked)
    for each in takewhile(lambda each: each.on < today, coming):
        one.done_until = each.by_rule
    _look_ahead(one, today)


@transaction.atomic
def stop_recurring(*, one: RecurringRequest, by: Person, now: datetime) -> RecurringRequest:
    """End it for good; the requests made so far go on.

    Raises:
        PermissionDenied: it is not theirs.
    """
    one = _locked(one, by, now)
    if one.state != RecurringState.STOPPED:
        _stop(one, StopReason.BY_HAND, by=by, now=now)
    return one


def _move(one: RecurringRequest, state: RecurringState) -> None:
    one.state = state
    one.version += 1
    one.save()


def _stop(one: RecurringRequest, why: StopReason, *, by: Person | None, now: datetime) -> None:
    one.stop_reason, one.next_on, one.next_by_rule = why, None, None
    _move(one, RecurringState.STOPPED)
    _record("stopped", one, by=by, now=now, reason=why.value)
    announce(
        events.RecurringStopped(recurring_id=one.pk, reason=why.value),
        aggregate=f"recurring:{one.pk}",
        now=now,
    )


@transaction.atomic
def make_due(*, recurring_id: int, now: datetime) -> Ticket | None:
    """Make the request whose date has come, once, whatever runs twice; return it, or None if nothing was due.

    Of several dates that were missed only the latest is made. Where it cannot be made, the recurring request
    stops and says why.
    """
    one = (
        RecurringRequest.objects.select_for_update(of=("self",))
        .select_related("service", "requester", "set_up_by")
        .filter(pk=recurring_id, state=RecurringState.ACTIVE)
        .first()
    )
    today = org_queries.organisation_day(now)
    if one is None or one.next_on is None or one.next_on > today:
        return None
    why = _gone(one, today)
    if why is not None:
        _stop(one, why, by=None, now=now)
        return None
    due = _latest_due(one, today)
    try:
        ticket = _make(one, due, now)
    except tuple(kind for kind, _reason in _REFUSALS) as refused:
        _stop(one, _reason_of(refused), by=None, now=now)
        return None
    RecurringRun.objects.get_or_create(
        recurring=one, by_rule=due.by_rule, defaults={"ticket": ticket}
    )
    one.done_until = due.by_rule
    if not _look_ahead(one, today):
        _stop(one, StopReason.OVER, by=None, now=now)
    else:
        _move(one, RecurringState.ACTIVE)
    announce(
        events.RecurringMade(recurring_id=one.pk, ticket_id=ticket.pk),
        aggregate=f"recurring:{one.pk}",
        now=now,
    )
    return ticket


def _gone(one: RecurringRequest, today: date) -> StopReason | None:
    for person in (one.requester, one.set_up_by):
        left = person.left_on is not None and person.left_on <= today
        if left or not person.can_sign_in:
            return StopReason.LEFT
    return None


def _latest_due(one: RecurringRequest, today: date) -> Occurrence:
    worked = recurring_queries.worked_days_of(one.requester, on=today)
    coming = occurrences(recurring_queries.rule_of(one), after=one.done_until, is_worked=worked)
    due = list(takewhile(lambda each: each.on <= today, coming))
    if due:
        return due[-1]
    if one.next_by_rule is None or one.next_on is None:
        raise ScheduleError
    return Occurrence(one.next_by_rule, one.next_on)  # the calendar has changed since


def _make(one: RecurringRequest, due: Occurrence, now: datetime) -> Ticket:
    return submit(
        service=one.service,
        by=one.set_up_by,
        requester=one.requester,
        answers=one.answers,
        title=one.title,
        priority=one.priority,
        client_key=f"again:{one.public_id.hex}:{due.by_rule:%Y%m%d}",
        now=now,
    )


def _reason_of(refused: Exception) -> StopReason:
    return next(reason for kind, reason in _REFUSALS if isinstance(refused, kind))


def _record(
    what: str, one: RecurringRequest, *, by: Person | None, now: datetime, **after: object
) -> None:
    record(
        action=f"desk.recurring_{what}",
        subject=one,
        by=by,
        now=now,
        after={"state": one.state, **after},
    )
