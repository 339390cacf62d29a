"""Compute what the map's first reader after a change would wait for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from neike.insights.models import ComputedFigures
from neike.insights.queries.computed import Work
from neike.insights.queries.map_edges import whole_map
from neike.insights.queries.map_network import between_work
from neike.insights.queries.map_places import places_work
from neike.insights.queries.spans import day_of_chart
from neike.org import queries as org_queries

Effect = Callable[[], AbstractContextManager[Any]]
KEPT_FOR: Final = timedelta(days=7)
"""Figures nobody asked the map for in so long are thrown away."""


def warm_map(*, now: datetime, effect: Effect = transaction.atomic) -> int:
    """Compute and keep the dear figures of this and the last quarter's map; returns how many were missing.

    A repeat computes nothing.
    """
    made = 0
    for work in _works(now):
        known = ComputedFigures.objects.filter(pk=work.key)
        if known.exists():
            with effect():
                known.update(used_at=now)
            continue
        values = work.compute()
        with effect():
            ComputedFigures.objects.update_or_create(
                key=work.key, defaults={"values": values, "used_at": now}
            )
        made += 1
    with effect():
        ComputedFigures.objects.filter(used_at__lt=now - KEPT_FOR).delete()
    return made


def _works(now: datetime) -> Iterator[Work]:
    running = org_queries.current_quarter(now)
    for quarter in (running, running.previous()):
        whole = whole_map(quarter, on=day_of_chart(quarter, now))
        nodes = frozenset(end for edge in whole.edges for end in edge.pair)
        for work in (places_work(nodes, whole), between_work(whole.window)):
            if work.is_dear:
                yield work
