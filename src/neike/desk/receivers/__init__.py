"""What the desk does when something has happened, in its own modules or elsewhere."""

from neike.desk.receivers import (
    articles,
    department_notices,
    escalation,
    indexing,
    own,
    recurring,
    relating,
    requests,
    rules,
    steps,
)

__all__ = [
    "articles",
    "department_notices",
    "escalation",
    "indexing",
    "own",
    "recurring",
    "relating",
    "requests",
    "rules",
    "steps",
]
