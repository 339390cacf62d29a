"""What the desk does when something has happened, in its own modules or elsewhere."""

from neike.desk.receivers import (
    articles,
    department_notices,
    indexing,
    recurring,
    requests,
    rules,
    steps,
)

__all__ = ["articles", "department_notices", "indexing", "recurring", "requests", "rules", "steps"]
