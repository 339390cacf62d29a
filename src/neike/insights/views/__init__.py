"""What people see of the numbers: the steps of the loop page and the lists behind them."""

from neike.insights.views.lists import behind

__all__ = ["behind"]
