"""What the desk shows, holds and has checked through the registries of the kernel."""

from neike.desk.registrations import (
    approvals,
    articles,
    checks,
    department_notices,
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
    "checks",
    "department_notices",
    "previews",
    "queues",
    "requests",
    "rules",
    "standards",
    "topics",
]
