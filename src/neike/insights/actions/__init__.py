"""Keep the numbers in step with the requests."""

from neike.insights.actions.keeping import catch_up, rebuild, take_in
from neike.insights.actions.lease import AlreadyObservingError, LeaseLostError
from neike.insights.actions.observing import Observed, observe, observe_changes
from neike.insights.actions.warming import warm_map

__all__ = [
    "AlreadyObservingError",
    "LeaseLostError",
    "Observed",
    "catch_up",
    "observe",
    "observe_changes",
    "rebuild",
    "take_in",
    "warm_map",
]
