"""The first requests of the desk's benchmark: the demo company's people and services, and lives told through the replay."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from neike.catalog import demo as catalog_demo
from neike.desk.bulk import TicketScript, write_tickets
from neike.desk.demo.course import live
from neike.desk.demo.demand import arrivals
from neike.desk.demo.life import Life
from neike.desk.demo.texts import offers
from neike.desk.demo.world import World
from neike.kernel import search
from neike.kernel.demo import Company
from neike.org import demo as org_demo

COMMON = ("热敏机", "thermal")
"""Words for the search: one of them is in 1 % of the requests."""
VERY_COMMON = ("协调", "coordination")
"""One of them is in 30 %."""
RARE = "quixotic"
"""In one request of ten thousand."""

_OFTEN, _SELDOM = 0.30, 0.01
_TALK = 0.34
_CHAT = {
    "zh": (
        "已经联系了相关同事，今天之内回复。",
        "进度更新：资料已收到，正在处理。",
        "请稍等，我们在核对细节。",
    ),
    "en": (
        "We have asked our colleagues and will come back today.",
        "A word on progress: everything has arrived and is in work.",
        "One moment please, we are checking the details.",
    ),
}


class Talk(Life):
    """A life in which people write a little more: about four messages for each request."""

    def work(self, seconds: float) -> None:
        super().work(seconds)
        if self.chance(_TALK):
            self.write(self.rng.choice(_CHAT[self.language]))


def build(count: int, *, now: datetime) -> Company:
    """Make the company and `count` requests, of which about two in a hundred are open."""
    company = Company(today=now.astimezone(ZoneInfo("Asia/Shanghai")).date(), now=now)
    org_demo.load(company)
    catalog_demo.load(company)
    yearly = sum(each.yearly for each in offers().values())
    days = (company.today - company.begins).days
    company.scale = count * 1.06 / (yearly * days / 365.25)
    world = World(company)
    for _part in write_tickets(_scripts(company, world, count), now=now):
        pass
    search.build_anew()
    return company


def _scripts(company: Company, world: World, count: int) -> Iterator[TicketScript]:
    rng, words = company.rng("bench.lives"), company.rng("bench.words")
    for number, arrival in enumerate(arrivals(company)[-count:]):
        script = live(Talk(world, arrival, rng))
        _mark(script, number, words, 0 if arrival.requester.english is False else 1)
        yield script


def _mark(script: TicketScript, number: int, rng: Random, language: int) -> None:
    """Put the words of the search into the title, for which a request has no event."""
    extra: list[Any] = []
    if rng.random() < _OFTEN:
        extra.append(VERY_COMMON[language])
    if rng.random() < _SELDOM:
        extra.append(COMMON[language])
    if number % 10_000 == 500:  # noqa: PLR2004 - anywhere
        extra.append(RARE)
    script.ticket.title = " ".join([script.ticket.title, *extra])[:200]
