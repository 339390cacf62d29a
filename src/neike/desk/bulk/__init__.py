"""Writing many requests at once, as their logs tell them: for the demo company and for imports.

What is written is exactly what the actions would have left behind: both go through `desk.replay`.
"""

from neike.desk.bulk.script import TicketScript
from neike.desk.bulk.writing import Written, write_tickets

__all__ = ["TicketScript", "Written", "write_tickets"]
