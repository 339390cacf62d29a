"""What people do with saved views of a queue, and what they like to see there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from neike.desk import policies, queries
from neike.desk.actions.errors import DeskError
from neike.desk.actions.work import text
from neike.desk.models import DeskPreference, SavedView
from neike.desk.queries.saved import MOST_VIEWS
from neike.kernel.policies import require
from neike.org.models import Department, Person

NAME_LIMIT = 60


class TooManyViewsError(DeskError):
    """Nobody finds anything among more."""

    def __str__(self) -> str:
        return _("There are %(count)d views already. Please delete one first.") % {
            "count": MOST_VIEWS
        }


class ViewChangedError(DeskError):
    """Somebody changed the shared view after it was read."""

    def __str__(self) -> str:
        return _("Somebody was faster: this view has changed. Nothing was saved.")


@transaction.atomic
def save_view(
    *,
    by: Person,
    name: str,
    data: Mapping[str, Sequence[str]],
    department: Department | None,
    now: datetime,
) -> SavedView:
    """Keep what a queue is narrowed to under a name; with a department everybody who works for it has the view.

    Raises:
        PermissionDenied: `by` does not work for the department.
        BadTextError: no name, or one that is too long.
        TooManyViewsError: there are enough.
    """
    who = policies.standing(by, now=now)
    require(policies.may_share_view(who, department.pk if department else None))
    alike = (
        SavedView.objects.filter(department=department)
        if department
        else SavedView.objects.filter(owner=by, department__isnull=True)
    )
    if alike.count() >= MOST_VIEWS:
        raise TooManyViewsError
    last = alike.order_by("-position").values_list("position", flat=True).first()
    return SavedView.objects.create(
        name=text(name, limit=NAME_LIMIT),
        owner=by,
        department=department,
        data=queries.parameters_of(data),
        position=0 if last is None else last + 1,
    )


def _locked(view: SavedView, by: Person, now: datetime, version: int | None = None) -> SavedView:
    """Return the view to be changed by somebody who may."""
    fresh = SavedView.objects.select_for_update().get(pk=view.pk)
    require(policies.may_change_view(policies.standing(by, now=now), fresh))
    if version is not None and fresh.version != version:
        raise ViewChangedError
    return fresh


@transaction.atomic
def change_view(
    *,
    view: SavedView,
    by: Person,
    version: int,
    now: datetime,
    name: str,
    department: Department | None,
    data: Mapping[str, Sequence[str]] | None = None,
) -> SavedView:
    """Give a view another name, other readers, or (unless None) another content.

    Who makes a shared view private becomes its owner.

    Raises:
        PermissionDenied: it is not theirs to change, or to share there.
        BadTextError: no name, or one that is too long.
        ViewChangedError: somebody was faster.
    """
    fresh = _locked(view, by, now, version)
    department_id = department.pk if department else None
    require(policies.may_share_view(policies.standing(by, now=now), department_id))
    fresh.name, fresh.department = text(name, limit=NAME_LIMIT), department
    if department is None:
        fresh.owner = by
    if data is not None:
        fresh.data = queries.parameters_of(data)
    fresh.version += 1
    fresh.save()
    return fresh


@transaction.atomic
def delete_view(*, view: SavedView, by: Person, now: datetime) -> None:
    """Delete a view; the requests in it stay as they are.

    Raises:
        PermissionDenied: it is not theirs to change.
    """
    _locked(view, by, now).delete()


@transaction.atomic
def move_view(*, view: SavedView, by: Person, up: bool, now: datetime) -> None:
    """Move a view one place up or down among those beside it.

    Raises:
        PermissionDenied: it is not theirs to change.
    """
    fresh = _locked(view, by, now)
    beside = SavedView.objects.select_for_update()
    beside = (
        beside.filter(department=fresh.department_id)
        if fresh.department_id
        else beside.filter(owner=by, department__isnull=True)
    )
    order = [each.pk for each in beside.order_by("position", "pk")]
    at = order.index(fresh.pk)
    to = max(0, at - 1) if up else min(len(order) - 1, at + 1)
    order.insert(to, order.pop(at))
    for position, pk in enumerate(order):
        SavedView.objects.filter(pk=pk).exclude(position=position).update(position=position)


def choose_columns(*, person: Person, columns: Collection[str]) -> None:
    """Keep which columns a person sees in queues; none: the usual ones."""
    DeskPreference.objects.update_or_create(person=person, defaults={"columns": list(columns)})


def choose_shortcuts(*, person: Person, on: bool) -> None:
    """Switch the single-key shortcuts on or off for a person."""
    DeskPreference.objects.update_or_create(person=person, defaults={"shortcuts": on})
