from datetime import datetime

from neike.kernel.outbox import receives
from tests.kernel.chaos.jobs import Worked, add


@receives(Worked, name="chaos.count")
def count(event: Worked, *, now: datetime) -> None:
    add("heard", event.number)


@receives(Worked, name="chaos.count_too")
def count_too(event: Worked, *, now: datetime) -> None:
    add("heard_too", event.number)
