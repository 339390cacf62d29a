"""What posts are over time: the one place that writes terms, and what a position repeats of its newest one."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _

from neike.org.actions.circles import circle_error, circle_in
from neike.org.actions.errors import DatesError
from neike.org.models import Department, DepartmentVersion, Position, PostTerm
from neike.org.queries.structure import newest_term

_REPEATED = ("department", "title")


def first_days(departments: Iterable[Department]) -> dict[int, date]:
    """Return the day from which each department (id) exists; one query."""
    rows = DepartmentVersion.objects.filter(department__in=list(departments)).order_by("department")
    found = rows.values_list("department").annotate(first=Min("valid_from"))
    return dict(found)


def make_positions(made: Sequence[tuple[Position, date]]) -> list[Position]:
    """Store new positions, each with its first term from a day on; two statements."""
    positions = Position.objects.bulk_create([each for each, _day in made])
    PostTerm.objects.bulk_create(
        PostTerm(position=each, department=each.department, title=each.title, valid_from=valid_from)
        for each, (_made, valid_from) in zip(positions, made, strict=True)
    )
    return positions


def write_term(position: Position, valid_from: date, **changes: Any) -> PostTerm:
    """Let a post be something else from a day on; a term that begins that very day is corrected.

    What the changes do not name goes on, also over a time in which the post did not exist. The end of a running
    term stays its end.

    Raises:
        DatesError: a later term has begun.
    """
    before = newest_term(position)
    if before is None:
        term = PostTerm(position=position, department=position.department, title=position.title)
    elif before.valid_from > valid_from:
        raise changed_already(before.valid_from)
    else:
        term = _after(before, valid_from)
    term.valid_from = valid_from
    for name, value in changes.items():
        setattr(term, name, value)
    term.save()
    _repeat(position, term)
    return term


def changed_already(day: date) -> DatesError:
    """Return the refusal that something is said of a day before the newest change."""
    return DatesError(
        _("This position changed on %(day)s already. Choose that day or a later one.")
        % {"day": day.isoformat()},
        code="before_change",
    )


def require_no_post_circle(fresh: Sequence[tuple[int, date]]) -> None:
    """Refuse that a post (id, first day) reports to itself over others on a day or, as far as is known, later.

    Raises:
        CycleError: it would; names the posts.
    """
    circle = circle_in(
        PostTerm.objects.all(), below="position_id", above="reports_to_id", fresh=fresh
    )
    if circle:
        titles = dict(Position.objects.filter(pk__in=circle).values_list("pk", "title"))
        raise circle_error([str(titles[each]) for each in circle])


def end_terms(position: Position, on: date) -> None:
    """Let a post be no more from a day on; terms that were to begin then or later are taken back."""
    position.terms.filter(valid_from__gte=on).delete()
    position.terms.filter(valid_to__isnull=True).update(valid_to=on)
    position.terms.filter(valid_to__gt=on).update(valid_to=on)


def reopen(position: Position, on: date) -> None:
    """Let a post exist again from a day on, as it was last; an end that lies later, or on that day, is taken back."""
    last = newest_term(position)
    if last is not None and last.valid_to is not None and on <= last.valid_to:
        PostTerm.objects.filter(pk=last.pk).update(valid_to=None)
    else:
        write_term(position, on)


def redirect(term: PostTerm, above: Position | None, on: date) -> None:
    """Let what a term tells hold with another post above, from a day on or from its beginning if that is later."""
    if term.valid_from >= on:
        PostTerm.objects.filter(pk=term.pk).update(reports_to=above)
        return
    PostTerm.objects.filter(pk=term.pk).update(valid_to=on)
    PostTerm.objects.create(
        position=term.position,
        department_id=term.department_id,
        title=term.title,
        reports_to=above,
        places=term.places,
        valid_from=on,
        valid_to=term.valid_to,
    )


def _after(before: PostTerm, valid_from: date) -> PostTerm:
    """Return the term to write from a day on: the one that begins then, or a copy of the one it ends."""
    if before.valid_from == valid_from:
        return before
    until = before.valid_to if before.valid_to and before.valid_to > valid_from else None
    if before.valid_to is None or before.valid_to > valid_from:
        PostTerm.objects.filter(pk=before.pk).update(valid_to=valid_from)
    return PostTerm(
        position_id=before.position_id,
        department=before.department,
        title=before.title,
        reports_to=before.reports_to,
        places=before.places,
        valid_to=until,
    )


def _repeat(position: Position, term: PostTerm) -> None:
    position.department, position.title = term.department, term.title
    position.save(update_fields=_REPEATED)
