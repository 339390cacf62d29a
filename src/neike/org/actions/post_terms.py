"""Saying what many posts are from days on, as a list of posts tells it."""

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
from neike.org.actions.errors import DatesError
from neike.org.actions.terms import changed_already, end_terms, require_no_post_circle
from neike.org.models import Department, Person, Position, PostTerm


@dataclass(frozen=True, slots=True)
class PostState:
    """What the post of a code is from a day on; `reports_to` is the code of the one above, None at the top.

    `imported_from` names the kind of file that keeps it from now on, "" for none.
    """

    code: str
    department: Department
    title: LocalizedText
    reports_to: str | None
    places: Decimal
    valid_from: date
    imported_from: str = ""


@transaction.atomic
def set_posts(posts: Sequence[PostState], *, by: Person | None, now: datetime) -> list[PostTerm]:
    """Say what posts are from days on, each named once; what they were before is kept. All of them or none.

    Posts that do not exist are made, those that had ended exist again; one may report to another of `posts`.

    Raises:
        CycleError: a post would report to itself, over one or more others; names them.
        DatesError: a later term of one has begun.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    positions, told = _positions(posts, by, now)
    held = _newest([positions[each.code] for each in posts])
    terms: list[PostTerm] = []
    ended: list[PostTerm] = []
    for each in posts:
        position = positions[each.code]
        before = held.get(position.pk)
        shown = _shown(before) if before else {}
        if before is not None and before.valid_from > each.valid_from:
            raise changed_already(before.valid_from)
        if before is not None and before.valid_from < each.valid_from:
            if before.valid_to is None or before.valid_to > each.valid_from:
                before.valid_to = each.valid_from
                ended.append(before)
            before = None
        above = positions[each.reports_to] if each.reports_to else None
        terms.append(_term(position, before, above, each))
        told.append(_told(terms[-1], shown, by, now))
        position.department, position.title = each.department, each.title
        position.imported_from = each.imported_from or position.imported_from
    PostTerm.objects.bulk_update(ended, ["valid_to"])
    _write(terms, [positions[each.code] for each in posts])
    require_no_post_circle([(term.position_id, term.valid_from) for term in terms])
    record_all(told)
    return terms


@transaction.atomic
def end_post(*, position: Position, on: date, by: Person | None, now: datetime) -> None:
    """End a post on a day (exclusive); the row and its history stay.

    Raises:
        DatesError: it has ended already.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    term = position.terms.filter(valid_to__isnull=True).first()
    if term is None:
        raise DatesError(_("This has ended already."), code="ended")
    end_terms(position, on)
    after = {"valid_to": on.isoformat()}
    record(
        action="org.post_ended", subject=position, by=by, before=_shown(term), after=after, now=now
    )


def _positions(
    posts: Sequence[PostState], by: Person | None, now: datetime
) -> tuple[dict[str, Position], list[Record]]:
    """Return the positions of the posts and of those above them by code, the missing ones made, with their records."""
    codes = {each.code for each in posts} | {each.reports_to for each in posts if each.reports_to}
    found = Position.objects.select_related("department").in_bulk(codes, field_name="code")
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


def _newest(positions: Sequence[Position]) -> dict[int, PostTerm]:
    """Return the newest term of each position; one query."""
    rows = PostTerm.objects.filter(position__in=positions).select_related(
        "department", "reports_to"
    )
    return {term.position_id: term for term in rows.order_by("valid_from", "pk")}


def _term(
    position: Position, same_day: PostTerm | None, above: Position | None, post: PostState
) -> PostTerm:
    """Return the term that holds from the day on: the stored one when it begins that day, else a new one."""
    term = same_day or PostTerm(position=position, valid_from=post.valid_from)
    term.department, term.title = post.department, post.title
    term.reports_to, term.places, term.valid_to = above, post.places, None
    return term


def _write(terms: Sequence[PostTerm], positions: Sequence[Position]) -> None:
    fresh = [each for each in terms if each._state.adding]  # noqa: SLF001 - the framework's documented way to ask
    corrected = [each for each in terms if not each._state.adding]  # noqa: SLF001 - the same
    PostTerm.objects.bulk_create(fresh)
    PostTerm.objects.bulk_update(
        corrected, ["department", "title", "reports_to", "places", "valid_to"]
    )
    Position.objects.bulk_update(positions, ["department", "title", "imported_from"])


def _told(term: PostTerm, before: dict[str, object], by: Person | None, now: datetime) -> Record:
    after = _shown(term) | {"valid_from": term.valid_from.isoformat()}
    return Record(
        action="org.post_set", subject=term.position, by=by, now=now, before=before, after=after
    )


def _shown(term: PostTerm) -> dict[str, object]:
    """Return what the record says of a post."""
    return {
        "title": term.title.as_json(),
        "department": term.department.code,
        "reports_to": term.reports_to.code if term.reports_to else None,
        "places": str(term.places),
    }
