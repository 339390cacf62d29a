"""Pages by key: newest first, each beginning below the last row of the one before."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)

_LONGEST_KEY = 18  # digits that fit 64 bits


def newest_first(
    rows: QuerySet[Row], *, before: int | None, length: int
) -> tuple[list[Row], int | None]:
    """Return one page of `rows` by falling key, and the key below which the next page begins, or None."""
    below = rows if before is None else rows.filter(pk__lt=before)
    found = list(below.order_by("-pk")[: length + 1])
    page = found[:length]
    return page, (page[-1].pk if len(found) > length else None)


def before_of(request: HttpRequest) -> int | None:
    """Return the key in `?before=`, or None when it is absent or nonsense."""
    value = request.GET.get("before", "")
    return (
        int(value) if value.isascii() and value.isdigit() and len(value) <= _LONGEST_KEY else None
    )


def address_before(request: HttpRequest, key: int | None) -> str:
    """Return this page's address with the same filter, beginning below `key`; empty when there is no more."""
    if key is None:
        return ""
    query = request.GET.copy()
    query["before"] = str(key)
    return f"?{query.urlencode()}"
