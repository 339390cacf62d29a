"""What can be looked up about relations, needs and agreements."""

from neike.relations.queries.relations import (
    as_of,
    customers_of,
    declared_pairs,
    history_of,
    level_of,
    providers_of,
    relation_as_of,
    relations_of,
    relations_visible_to,
)

__all__ = [
    "as_of",
    "customers_of",
    "declared_pairs",
    "history_of",
    "level_of",
    "providers_of",
    "relation_as_of",
    "relations_of",
    "relations_visible_to",
]
