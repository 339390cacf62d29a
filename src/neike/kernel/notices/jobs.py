"""Telling people outside the product, by the clock."""

from datetime import datetime

from neike.kernel.jobs import enqueue, every, job
from neike.kernel.notices import queries, rounds


@job("notices.tell")
def tell(*, person_id: int, channel: str, now: datetime) -> None:
    """Send a person what is due on a channel; doing it twice sends it once."""
    rounds.tell_round(person_id=person_id, channel=channel, now=now)


@every("* * * * *")
@job("notices.look_for_due", at_once=1)
def look_for_due(*, now: datetime) -> None:
    """Queue a message for everybody whose notices are due; one per person, channel and minute."""
    for person_id, channel in queries.due_rounds(now):
        key = f"{person_id}:{channel}:{now:%Y%m%d%H%M}"
        enqueue(tell, now=now, key=key, person_id=person_id, channel=channel)


@every("47 3 * * *")
@job("notices.forget_old")
def forget_old(*, now: datetime) -> None:
    """Forget how notices of long ago were delivered."""
    rounds.forget_old(now=now)
