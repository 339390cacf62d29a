"""What the way in looks up."""

from neike.portal.queries.day import Waiting, waiting
from neike.portal.queries.finding import FIRST, KINDS, MOST, Found, Group, find, number_meant
from neike.portal.queries.welcome import FirstSteps, first_steps

__all__ = [
    "FIRST",
    "KINDS",
    "MOST",
    "FirstSteps",
    "Found",
    "Group",
    "Waiting",
    "find",
    "first_steps",
    "number_meant",
    "waiting",
]
