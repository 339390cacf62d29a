"""Keep what everybody may know of pairs of departments, so that no page has to read all ratings."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from neike.kernel.bulk import Inserter
from neike.surveys.models import Publication, PublishedPair
from neike.surveys.queries.pairs import PairResult, all_pairs, basis, fingerprint, published_before

Effect = Callable[[], AbstractContextManager[Any]]
_NAMES: Final = ("quarter_start", "supplier_id", "customer_id", *PairResult.__annotations__)


def publish_pairs(*, now: datetime, effect: Effect = transaction.atomic) -> bool:
    """Write the table anew when other ratings are final than those it was written from; True when it was written.

    A repeat costs one query over the final ratings and writes nothing. Read outside the transaction that `effect`
    opens: ratings that become final meanwhile make the next fingerprint another one.
    """
    of = basis(now)
    found = fingerprint(of)
    if published_before() == (of, found):
        return False
    rows = [(start, supplier, customer, *one) for start, supplier, customer, one in all_pairs(of)]
    with effect():
        Publication.objects.get_or_create(pk=1)
        Publication.objects.select_for_update().get(pk=1)
        PublishedPair.objects.all().delete()
        Inserter(PublishedPair, _NAMES).insert(rows)
        Publication.objects.filter(pk=1).update(
            until=of.until,
            zone=of.zone,
            fiscal_start=of.fiscal_start,
            print=found,
            published_at=now,
        )
    return True
