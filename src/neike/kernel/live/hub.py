"""All open connections of one process: one poller reads for them, and only while there are any.

Nothing here is known to another process, and nothing is lost with it: the truth is the table of signals.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

from django.utils import timezone

from neike.kernel.live.grants import END, Grant
from neike.kernel.live.reading import News, SignalReader
from neike.kernel.live.topics import EVERYTHING

POLL: Final = 0.5
"""Seconds between two looks at the table."""
RETRY: Final = 2.0
"""Seconds to wait after the database did not answer."""
PER_PERSON: Final = 12
"""So many connections one person may keep open at one process: browsers, not tabs."""
ALL: Final = 4000

log = logging.getLogger(__name__)


class Listener:
    """One connection: gathers what changed until it is fetched, so that a slow one never piles up."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self.ended = False
        self._words: set[str] = set()
        self._wake = asyncio.Event()

    def hear(self, news: Iterable[News] | None, *, may_be_old: bool = False) -> None:
        """Gather what of the news concerns this connection; None: everything.

        What may have been read before the connection opened is told only from the moment of its page on.
        """
        if news is None:
            self._add({EVERYTHING})
            return
        for each in news:
            words = self.grant.words.get(each.topic)
            if not words or each.number in self.grant.known:
                continue
            if not may_be_old or each.at >= self.grant.since:
                self._add(words)

    def _add(self, words: Iterable[str]) -> None:
        self._words.update(words)
        if END in self._words:
            self.end()
        self._wake.set()

    def end(self) -> None:
        """Make the connection close."""
        self.ended = True
        self._wake.set()

    async def news(self, patience: float) -> set[str]:
        """Wait at most `patience` seconds for something to tell, and return it."""
        try:
            async with asyncio.timeout(patience):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()
        words, self._words = self._words, set()
        return words - {END}


class Hub:
    """The listeners of this process."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:  # noqa: TID251 - the server's own clock
        self._clock = clock
        self.listeners: set[Listener] = set()
        self.per_person: Counter[int] = Counter()
        self.cursor = clock()
        self._reader = SignalReader()
        self._thread: ThreadPoolExecutor | None = None
        self._poller: asyncio.Task[None] | None = None

    @property
    def polls(self) -> bool:
        """Whether the table is being looked at."""
        return self._poller is not None and not self._poller.done()

    def has_room(self, person_id: int) -> bool:
        """Tell whether this person may open one more connection."""
        return len(self.listeners) < ALL and self.per_person[person_id] < PER_PERSON

    def join(self, grant: Grant) -> Listener:
        """Add a connection; it also hears what was read in the last seconds and it does not know."""
        listener = Listener(grant)
        recent = list(self._reader.recent.values())  # a copy: the reader's thread may add to it
        listener.hear([news for _seen, news in recent], may_be_old=True)
        self.listeners.add(listener)
        self.per_person[grant.person_id] += 1
        if not self.polls:
            self.cursor = self._clock()
            self._poller = asyncio.create_task(self._poll())
        return listener

    def leave(self, listener: Listener) -> None:
        """Take a connection away."""
        self.listeners.discard(listener)
        self.per_person[listener.grant.person_id] -= 1
        self.per_person += Counter()  # drops those that are zero

    def end_all(self) -> None:
        """Make every connection close, because the process stops."""
        for listener in self.listeners:
            listener.end()

    async def _poll(self) -> None:
        """Read and tell until nobody listens any more."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="neike-live")
        loop = asyncio.get_running_loop()
        is_first = True
        try:
            while self.listeners:
                begun, now = loop.time(), self._clock()
                pause = POLL
                try:
                    news = await loop.run_in_executor(thread, self._reader.read, now)
                    self._tell(news, may_be_old=is_first)
                    self.cursor, is_first = now, False
                except Exception:
                    log.exception("live updates could not be read; trying again")
                    await loop.run_in_executor(thread, self._reader.close)
                    pause = RETRY
                await asyncio.sleep(max(pause - (loop.time() - begun), POLL / 10))
        finally:
            thread.submit(self._reader.close)
            thread.shutdown(wait=False)

    def _tell(self, news: list[News] | None, *, may_be_old: bool) -> None:
        if news is None or news:
            for listener in self.listeners:
                listener.hear(news, may_be_old=may_be_old)
