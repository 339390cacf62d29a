"""What posts are from a day on: their department, title, post above and places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.audit.actions import Record, record_all
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.circles import circle_error, circle_in
from neike.org.actions.errors import DatesError
from neike.org.actions.reporting import later_error
from neike.org.models import Department, Person, Position, PositionPast, PostTerm


@dataclass(frozen=True, slots=True)
class PostState:
    """What the post of a code is from a day on; `reports_to` is the code of the one above, None at the top."""

    code: str
    department: Department
    title: LocalizedText
    reports_to: str | None
    places: Decimal
    valid_from: date


@transaction.atomic
def set_posts(posts: Sequence[PostState], *, by: Person | None, now: datetime) -> list[PostTerm]:
    """Say what posts are from days on, each named once; what they were before is kept. All of them or none.

    Posts that do not exist are made; one may report to another of `posts`.

    Raises:
        CycleError: a post would report to itself, over one or more others; names them.
        DatesError: a later term of one has begun.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    positions, told = _positions(posts, by, now)
    codes = [positions[each.code].pk for each in posts]
    held = {
        term.position_id: term
        for term in PostTerm.objects.filter(
            position__in=codes, valid_to__isnull=True
        ).select_related("department", "reports_to")
    }
    terms = []
    for each in posts:
        position = positions[each.code]
        before = held.get(position.pk)
        shown: dict[str, object] = (
            _shown(before) if before else {"department": position.department.code}
        )
        shown["title"] = position.title.as_json()
        if before is not None:
            _keep(position, before, each)
        above = positions[each.reports_to] if each.reports_to else None
        terms.append(_term(position, before, above, each))
        told.append(_told(terms[-1], each, shown, by, now))
        position.department, position.title, position.closed_on = each.department, each.title, None
    _write(terms, [positions[each.code] for each in posts])
    _require_no_circle(terms)
    record_all(told)
    return terms


@transaction.atomic
def end_post(*, position: Position, on: date, by: Person | None, now: datetime) -> None:
    """End a post on a day (exclusive); the row and its history stay.

    Raises:
        DatesError: it has ended already.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    term = position.terms.select_for_update().filter(valid_to__isnull=True).first()
    if term is None:
        raise DatesError(_("This has ended already."), code="ended")
    if on <= term.valid_from:
        term.delete()
    else:
        term.valid_to = on
        term.save(update_fields=["valid_to"])
    Position.objects.filter(pk=position.pk).update(closed_on=on)
    after = {"valid_to": on.isoformat()}
    record(
        action="org.post_ended", subject=position, by=by, before=_shown(term), after=after, now=now
    )


def _positions(
    posts: Sequence[PostState], by: Person | None, now: datetime
) -> tuple[dict[str, Position], list[Record]]:
    """Return the positions of the posts and of those above them by code, the missing ones made, with their records."""
    codes = {each.code for each in posts} | {each.reports_to for each in posts if each.reports_to}
    stored = Position.objects.select_related("department")
    found = stored.in_bulk(codes, field_name="code")
    made = [
        Position(code=each.code, department=each.department, title=each.title)
        for each in posts
        if each.code not in found
    ]
    Position.objects.bulk_create(made)
    told = [
        Record(
            action="org.position_created",
            subject=each,
            by=by,
            now=now,
            after={
                "code": each.code,
                "department": each.department.code,
                "title": each.title.as_json(),
            },
        )
        for each in made
    ]
    return found | {each.code: each for each in made}, told


def _keep(position: Position, before: PostTerm, post: PostState) -> None:
    """End the term that held, or let it be corrected when it begins that day; keep what the position was called.

    Raises:
        DatesError: it begins later.
    """
    if before.valid_from > post.valid_from:
        raise later_error(before.valid_from)
    if before.valid_from == post.valid_from:
        return
    PostTerm.objects.filter(pk=before.pk).update(valid_to=post.valid_from)
    if (position.department_id, position.title) != (post.department.pk, post.title):
        PositionPast.objects.update_or_create(
            position=position,
            valid_to=post.valid_from,
            defaults={"department": position.department, "title": position.title},
        )


def _term(
    position: Position, before: PostTerm | None, above: Position | None, post: PostState
) -> PostTerm:
    """Return the term that holds from the day on: the stored one when it begins that day, else a new one."""
    term = before
    if term is None or term.valid_from != post.valid_from:
        term = PostTerm(position=position, valid_from=post.valid_from)
    term.department, term.reports_to, term.places = post.department, above, post.places
    return term


def _write(terms: Sequence[PostTerm], positions: Sequence[Position]) -> None:
    fresh = [each for each in terms if each._state.adding]  # noqa: SLF001 - the framework's documented way to ask
    corrected = [each for each in terms if not each._state.adding]  # noqa: SLF001 - the same
    PostTerm.objects.bulk_create(fresh)
    PostTerm.objects.bulk_update(corrected, ["department", "reports_to", "places"])
    Position.objects.bulk_update(positions, ["department", "title", "closed_on"])


def _require_no_circle(terms: Sequence[PostTerm]) -> None:
    fresh = [(term.position_id, term.valid_from) for term in terms]
    circle = circle_in(
        PostTerm.objects.all(), below="position_id", above="reports_to_id", fresh=fresh
    )
    if circle:
        titles = dict(Position.objects.filter(pk__in=circle).values_list("pk", "title"))
        raise circle_error([str(titles[each]) for each in circle])


def _told(
    term: PostTerm,
    post: PostState,
    before: dict[str, object],
    by: Person | None,
    now: datetime,
) -> Record:
    after = {
        **_shown(term),
        "title": post.title.as_json(),
        "valid_from": post.valid_from.isoformat(),
    }
    return Record(
        action="org.post_set", subject=term.position, by=by, now=now, before=before, after=after
    )


def _shown(term: PostTerm) -> dict[str, object]:
    """Return what the record says of a post."""
    return {
        "department": term.department.code,
        "reports_to": term.reports_to.code if term.reports_to else None,
        "places": str(term.places),
    }
