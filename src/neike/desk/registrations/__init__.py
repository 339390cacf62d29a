"""What the desk shows, holds and has checked through the registries of the kernel."""

from neike.desk.registrations import (
    approvals,
    articles,
    checklists,
    checks,
    department_notices,
    escalation,
    notices,
    own,
    previews,
    queues,
    requests,
    rules,
    standards,
    topics,
)

__all__ = [
    "approvals",
    "articles",
    "checklists",
    "checks",
    "department_notices",
    "escalation",
    "notices",
    "own",
    "previews",
    "queues",
    "requests",
    "rules",
    "standards",
    "topics",
]
