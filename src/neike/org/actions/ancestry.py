"""The dated ancestry table, derived from the department versions."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from neike.org.actions.errors import CycleError
from neike.org.models import Department, DepartmentAncestry, DepartmentVersion

Pair = tuple[int, int]
Row = tuple[int, int, int, date, date | None]
"""(ancestor, descendant, depth, valid_from, valid_to)."""
_BATCH = 1000


def lock_structure() -> None:
    """Let one transaction at a time change the tree, so that two moves cannot close a cycle between them."""
    Department.objects.order_by("pk").select_for_update().first()


def extend_ancestry(made: Department, parent: Department | None, valid_from: date) -> None:
    """Add the rows of a department that was just created and so has nothing below it."""
    rows = [DepartmentAncestry(ancestor=made, descendant=made, depth=0, valid_from=valid_from)]
    above = DepartmentAncestry.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), descendant=parent
    )
    rows += [
        DepartmentAncestry(
            ancestor_id=row.ancestor_id,
            descendant=made,
            depth=row.depth + 1,
            valid_from=max(row.valid_from, valid_from),
            valid_to=row.valid_to,
        )
        for row in above
    ]
    DepartmentAncestry.objects.bulk_create(rows)


def rebuild_ancestry() -> None:
    """Derive the whole table again and write what differs.

    Raises:
        CycleError: on some day a department stands below itself.
    """
    versions = list(
        DepartmentVersion.objects.order_by("valid_from", "pk").values_list(
            "department_id", "valid_from", "parent_id"
        )
    )
    wanted = set(derive(versions))
    stored = {
        row[1:]: row[0]
        for row in DepartmentAncestry.objects.values_list(
            "pk", "ancestor_id", "descendant_id", "depth", "valid_from", "valid_to"
        )
    }
    gone = [pk for row, pk in stored.items() if row not in wanted]
    for start in range(0, len(gone), _BATCH):
        DepartmentAncestry.objects.filter(pk__in=gone[start : start + _BATCH]).delete()
    DepartmentAncestry.objects.bulk_create(
        (
            DepartmentAncestry(
                ancestor_id=ancestor,
                descendant_id=descendant,
                depth=depth,
                valid_from=valid_from,
                valid_to=valid_to,
            )
            for ancestor, descendant, depth, valid_from, valid_to in sorted(
                wanted - stored.keys(), key=lambda row: row[:4]
            )
        ),
        batch_size=_BATCH,
    )


def derive(versions: Iterable[tuple[int, date, int | None]]) -> Iterator[Row]:
    """Yield the ancestry of versions (department, valid_from, parent) sorted by date.

    Raises:
        CycleError: on some day a department stands below itself.
    """
    parents: dict[int, int | None] = {}
    open_rows: dict[Pair, tuple[int, date]] = {}
    for day, changes in _by_day(versions):
        parents.update(changes)
        now = dict(_pairs(parents))
        for pair, (depth, since) in list(open_rows.items()):
            if now.get(pair) != depth:
                yield (*pair, depth, since, day)
                del open_rows[pair]
        for pair, depth in now.items():
            open_rows.setdefault(pair, (depth, day))
    for pair, (depth, since) in open_rows.items():
        yield (*pair, depth, since, None)


def _by_day(
    versions: Iterable[tuple[int, date, int | None]],
) -> Iterator[tuple[date, dict[int, int | None]]]:
    days: dict[date, dict[int, int | None]] = {}
    for department, day, parent in versions:
        days.setdefault(day, {})[department] = parent
    yield from sorted(days.items())


def _pairs(parents: dict[int, int | None]) -> Iterator[tuple[Pair, int]]:
    for department in parents:
        above: int | None = department
        depth = 0
        while above is not None and above in parents:
            yield (above, department), depth
            above, depth = parents[above], depth + 1
            if above == department or depth > len(parents):
                raise CycleError(
                    _("A department cannot stand below itself or below one of its own teams."),
                    code="cycle",
                )
