"""The demo company's requests: a year of them, told through the same replay as real ones."""

from collections.abc import Iterator
from datetime import datetime

from neike.desk.bulk import TicketScript, write_tickets
from neike.desk.demo import related, rules
from neike.desk.demo.approving import approving
from neike.desk.demo.course import live
from neike.desk.demo.demand import arrivals
from neike.desk.demo.department_notices import load_department_notices
from neike.desk.demo.kit import kits
from neike.desk.demo.knowledge import load_knowledge
from neike.desk.demo.life import Life
from neike.desk.demo.notices import load_notices
from neike.desk.demo.own import load_own
from neike.desk.demo.quality import load_quality
from neike.desk.demo.special import special
from neike.desk.demo.working import load_working
from neike.desk.demo.world import World
from neike.kernel.demo import Company

_REPORT_EVERY = 1000


def load(company: Company) -> None:
    """Live and write every request of the history; `company.shared["tickets"]` counts them."""
    world = World(company)
    written = 0
    for batch in write_tickets(_scripts(company, world), now=company.now):
        before, written = written, written + len(batch.tickets)
        if written // _REPORT_EVERY > before // _REPORT_EVERY:
            company.progress(f"  {written} requests")
    company.shared["tickets"] = written
    related.load(company)
    rules.load(company)


def _scripts(company: Company, world: World) -> Iterator[TicketScript]:
    """Yield the requests in the order they were made, with those prepared for the demo accounts among them."""
    told = [
        *special(company, world),
        *approving(company, world),
        *kits(company, world),
        *related.prepared(company, world),
    ]
    prepared = sorted(told, key=_submitted, reverse=True)
    rng = company.rng("desk.lives")
    for arrival in arrivals(company):
        while prepared and _submitted(prepared[-1]) <= arrival.at:
            yield prepared.pop()
        yield live(Life(world, arrival, rng))
    yield from reversed(prepared)


def _submitted(script: TicketScript) -> datetime:
    return script.ticket.submitted_at


__all__ = [
    "load",
    "load_department_notices",
    "load_knowledge",
    "load_notices",
    "load_own",
    "load_quality",
    "load_working",
]
