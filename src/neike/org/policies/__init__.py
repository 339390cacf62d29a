"""Who may see and change the organisation. Each file declares the doors of its pages when it is imported."""

from neike.org.policies import accounts, people, roles, structure
from neike.org.policies.people import (
    may_erase,
    may_keep_absence,
    may_keep_people,
    may_propose_erasure,
)
from neike.org.policies.roles import Asked, may_decide, may_grant, may_revoke, needs_second_person
from neike.org.policies.structure import day_of, may_change_organisation

__all__ = [
    "Asked",
    "accounts",
    "day_of",
    "may_change_organisation",
    "may_decide",
    "may_erase",
    "may_grant",
    "may_keep_absence",
    "may_keep_people",
    "may_propose_erasure",
    "may_revoke",
    "needs_second_person",
    "people",
    "roles",
    "structure",
]
