"""Keep the numbers in step with the requests."""

from neike.insights.actions.keeping import catch_up, rebuild, take_in

__all__ = ["catch_up", "rebuild", "take_in"]
