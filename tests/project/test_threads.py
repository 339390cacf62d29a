"""Requests run in threads that stay, and two at the same time never share one."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async

from neike.config.threads import KEPT, KeptThreads


class Pages:
    """An application whose requests wait until a number of them have come."""

    def __init__(self, together: int) -> None:
        self.barrier = threading.Barrier(together, timeout=20)
        self.seen: list[int] = []

    async def __call__(self, _scope: Any, _receive: Any, _send: Any) -> None:
        def work() -> None:
            self.seen.append(threading.get_ident())
            self.barrier.wait()

        await sync_to_async(work)()


def alone(story: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine returns, in a thread of its own: a browser may have a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, story).result()


async def _serve(application: KeptThreads, count: int) -> None:
    await asyncio.gather(*(application({}, None, None) for _ in range(count)))  # type: ignore[arg-type]


def test_one_request_after_the_other_runs_in_one_thread():
    pages = Pages(1)
    application = KeptThreads(pages)

    async def three() -> None:
        for _ in range(3):
            await _serve(application, 1)

    alone(three())

    assert len(pages.seen) == 3
    assert len(set(pages.seen)) == 1


def test_many_at_once_have_a_thread_each_and_few_stay():
    pages = Pages(KEPT + 4)
    application = KeptThreads(pages)

    alone(_serve(application, KEPT + 4))

    assert len(set(pages.seen)) == KEPT + 4
    assert len(application._idle) == KEPT


def test_a_thread_comes_back_when_a_request_fails():
    class Broken:
        async def __call__(self, *_call: Any) -> None:
            raise RuntimeError("broken")

    application = KeptThreads(Broken())

    async def twice() -> None:
        for _ in range(2):
            await asyncio.gather(application({}, None, None), return_exceptions=True)  # type: ignore[arg-type]

    alone(twice())

    assert len(application._idle) == 1
