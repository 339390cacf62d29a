"""What must hold for the stored relations every night."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from django.db.models import Count, F, Max

from neike.kernel.registries import Problem
from neike.org import queries as org_queries
from neike.relations.choices import RelationState
from neike.relations.models import RelationChange, ServiceRelation
from neike.relations.queries.relations import relation_as_of

MOST_PROBLEMS: Final = 50
_SAMPLE: Final = 500


def relations_follow_from_their_history(now: datetime) -> list[Problem]:
    """The state of a relation is what its changes say for today; a sample of the latest changed ones."""
    return list(islice(_disagreeing(now), MOST_PROBLEMS))


def _disagreeing(now: datetime) -> Iterator[Problem]:
    on = org_queries.organisation_day(now)
    latest = RelationChange.objects.order_by("-pk").values_list("relation_id", flat=True)[:_SAMPLE]
    rows = ServiceRelation.objects.filter(pk__in=set(latest)).prefetch_related("changes")
    for relation in rows:
        told = relation_as_of(relation, on)
        # The job that ends what is due runs at night; until then the announced end is not yet the state.
        due = told == RelationState.ENDED and relation.valid_to is not None
        if told != relation.state and not (due and relation.is_open):
            yield Problem(
                f"relation {relation.pk}", f"is {relation.state}, its history says {told}"
            )


def histories_have_no_gaps(_now: datetime) -> list[Problem]:
    """Every relation has as many changes as its version says, numbered without a gap."""
    rows = ServiceRelation.objects.annotate(n=Count("changes"), last=Max("changes__seq"))
    wrong = rows.exclude(n=F("version"), last=F("version")).order_by("pk")
    return [
        Problem(f"relation {row.pk}", f"version {row.version}") for row in wrong[:MOST_PROBLEMS]
    ]
