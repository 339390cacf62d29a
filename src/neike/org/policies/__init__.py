"""Who may see and change the organisation. Each file declares the doors of its pages when it is imported."""

from neike.org.policies import accounts, structure
from neike.org.policies.structure import day_of, may_change_organisation

__all__ = ["accounts", "day_of", "may_change_organisation", "structure"]
