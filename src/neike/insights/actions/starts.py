"""The first days of quarters by their numbers."""

from datetime import date

from neike.org.periods import quarter_start


class Starts(dict[int, date]):
    """The first day of a quarter by its number."""

    def __init__(self, fiscal_start: int) -> None:
        super().__init__()
        self.fiscal_start = fiscal_start

    def __missing__(self, number: int) -> date:
        self[number] = found = quarter_start(number, fiscal_start=self.fiscal_start)
        return found
