"""Numbers about departments are for everybody who works here; the lists behind them show what one may read."""

from neike.catalog.policies import manages_services
from neike.kernel.policies import SIGNED_IN, Decision, allow, declare, deny
from neike.org.choices import Role
from neike.relations.policies import Standing

LISTS = declare("insights.lists", SIGNED_IN)
"""Addresses of the numbers' lists."""
MAP = declare("insights.map", SIGNED_IN)
"""Who serves whom, as far as it may be shown."""

BACK_TEST = declare("insights.back_test", manages_services)
"""What a standard would have promised in the past: for those who may edit its service."""

BOARD = declare("insights.board", SIGNED_IN)
"""The board of a department: for who leads it; for everybody else it is absent."""

_COUNTERS = (Role.QUALITY_OFFICER, Role.ADMINISTRATOR)


def may_recount(who: Standing) -> Decision:
    """Counting all edges anew costs the house work: quality officers and administrators of the whole of it, and leads."""
    everywhere = any(each.everywhere for role in _COUNTERS for each in who.held.of(role))
    return allow() if everywhere or who.held.heads else deny("not_trusted_to_recount")
