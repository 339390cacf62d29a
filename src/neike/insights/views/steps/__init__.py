"""The steps of the loop page that follow from requests."""

from neike.insights.views.steps.customers import whom_it_serves
from neike.insights.views.steps.kept import how_it_kept_it
from neike.insights.views.steps.promises import what_it_promised
from neike.insights.views.steps.waits import who_waits

__all__ = ["how_it_kept_it", "what_it_promised", "who_waits", "whom_it_serves"]
