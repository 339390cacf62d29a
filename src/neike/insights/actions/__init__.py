"""Keep the numbers in step with the requests."""

from neike.insights.actions.backtests import QUARTERS, ask_for_back_test, run_back_test
from neike.insights.actions.keeping import catch_up, rebuild, take_in
from neike.insights.actions.lease import AlreadyObservingError, LeaseLostError
from neike.insights.actions.observing import Observed, observe, observe_changes
from neike.insights.actions.warming import warm_map

__all__ = [
    "QUARTERS",
    "AlreadyObservingError",
    "LeaseLostError",
    "Observed",
    "ask_for_back_test",
    "catch_up",
    "observe",
    "observe_changes",
    "rebuild",
    "run_back_test",
    "take_in",
    "warm_map",
]
