"""The last rating between the two ends of many relations at once, as far as one may read it by name."""

from collections.abc import Iterable

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from neike.desk.models import Leg
from neike.desk.policies import Standing
from neike.surveys.models import Rating
from neike.surveys.queries.named import ratings_visible_to

Pair = tuple[int, int]


def last_between_departments(who: Standing, pairs: Iterable[Pair]) -> dict[Pair, Rating]:
    """Return the newest rating by (supplier, customer); one query, none without pairs."""
    wanted = set(pairs)
    if not wanted:
        return {}
    suppliers, customers = zip(*wanted, strict=True)
    rows = ratings_visible_to(who).filter(supplier__in=suppliers, customer__in=customers)
    found = _newest(rows, "supplier", "customer")
    by_pair = {(each.supplier_id, each.customer_id): each for each in found}
    return {pair: rating for pair, rating in by_pair.items() if pair in wanted}


def last_between_people(who: Standing, pairs: Iterable[Pair]) -> dict[Pair, Rating]:
    """Return the newest rating by (who worked on what was rated, rater); one query, none without pairs."""
    wanted = set(pairs)
    if not wanted:
        return {}
    workers, raters = zip(*wanted, strict=True)
    lead = Leg.objects.filter(ticket=OuterRef("ticket"), is_lead=True).values("assignee_id")[:1]
    rows = (
        ratings_visible_to(who)
        .filter(rater__in=raters)
        .annotate(
            worker=Coalesce("leg__assignee_id", Subquery(lead), output_field=BigIntegerField())
        )
        .filter(worker__in=workers)
    )
    found = _newest(rows, "worker", "rater")
    by_pair = {(each.worker, each.rater_id): each for each in found}  # type: ignore[attr-defined]  # annotated
    return {pair: rating for pair, rating in by_pair.items() if pair in wanted}


def _newest(rows: QuerySet[Rating], *parts: str) -> QuerySet[Rating]:
    place = Window(
        RowNumber(),
        partition_by=[F(part) for part in parts],
        order_by=[F("rated_at").desc(), F("pk").desc()],
    )
    return rows.annotate(place=place).filter(place=1).select_related("ticket").order_by()
