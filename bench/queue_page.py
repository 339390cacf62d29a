"""CPU of the request desk: the queue with 50 rows and the request page, and three ways of writing the rows.

Makes a small company with 60 open requests in a database of its own. CPU time of this process, best of three rounds.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from time import process_time
from typing import Any

ROUNDS, PAGES, ROWS = 3, 40, 50

BY_TAGS = """{% for row in rows %}<tr id="leg-{{ row.pk|unlocalize }}" data-row>
<td class="nk-q-pick"><input type="checkbox" class="checkbox checkbox-sm" name="leg" value="{{ row.pk|unlocalize }}-{{ row.version|unlocalize }}" aria-label="{% blocktranslate trimmed with number=row.number %}Select {{ number }}{% endblocktranslate %}" data-pick></td>
<td class="nk-q-no" data-label="{% translate "No." %}"><span>{{ row.number }}{% if row.hot %}<span class="nk-q-mark {% tone_class row.hot %}">{% icon "bolt" row.priority %}</span>{% endif %}</span></td>
<th scope="row" class="nk-q-subject"><a href="{{ row.path }}" data-open>{{ row.title }}</a><span class="nk-q-below">{{ row.requester }} · {{ row.customer }} · {{ row.service }}</span></th>
<td data-label="{% translate "Relay" %}"><ol class="nk-legs">{% for leg in row.legs %}<li class="{{ leg.css }}" title="{{ leg.title }}"><span class="sr-only">{{ leg.title }}</span></li>{% endfor %}</ol></td>
<td data-label="{% translate "State" %}">{% badge row.state row.tone %}</td>
<td data-label="{% translate "Promise" %}">{% due_chip row.chip.state row.chip.text row.chip.title %}</td>
<td data-label="{% translate "Assignee" %}"><span class="nk-q-who">{% avatar row.who "sm" %}{{ row.who }}</span></td>
<td class="nk-q-when" data-label="{% translate "Last activity" %}">{% localtime_short row.at %}</td></tr>{% endfor %}"""
BY_COMPONENTS = (
    BY_TAGS.replace(
        "{% badge row.state row.tone %}", '<c-badge :tone="row.tone">{{ row.state }}</c-badge>'
    )
    .replace(
        "{% due_chip row.chip.state row.chip.text row.chip.title %}",
        '<c-due-chip :state="row.chip.state" :text="row.chip.text" :title="row.chip.title" />',
    )
    .replace(
        '<span class="nk-q-who">{% avatar row.who "sm" %}{{ row.who }}</span>',
        '<c-person-chip name="{{ row.who }}" size="sm" />',
    )
    .replace('{% icon "bolt" row.priority %}', '<c-icon name="bolt" label="{{ row.priority }}" />')
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NEIKE_DATA"] = folder
        os.environ["NEIKE_DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django  # noqa: PLC0415 - after the environment

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        _measure()


def _measure() -> None:
    from django.test import Client, override_settings  # noqa: PLC0415
    from django.utils import timezone, translation  # noqa: PLC0415

    it, tickets = _company()
    client = Client()
    client.force_login(it.ivan)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        _report("queue, 50 rows, whole page", _best(lambda: client.get("/queue/"), PAGES))
        _report("start page, for comparison", _best(lambda: client.get("/"), PAGES))
        _report("request page, two legs", _best(lambda: client.get(tickets[0].path), PAGES))
    with translation.override("en"):
        page, rows, context = _rows(it, timezone.now())
        _report("rows in Python", _best(rows, PAGES))
        _report("rows by template and tags", _best(_template(BY_TAGS, page, context), PAGES))
        _report("rows by components", _best(_template(BY_COMPONENTS, page, context), PAGES))


def _company() -> tuple[Any, list[Any]]:
    from django.utils import timezone  # noqa: PLC0415

    from neike.desk import actions  # noqa: PLC0415
    from tests.make import desk as make  # noqa: PLC0415

    it, now = make.company(), timezone.now()
    tickets = []
    for number in range(60):
        start = now - timedelta(hours=3, minutes=number)
        ticket = it.submit(
            now=start, title=f"Supplier payment {number}", priority=str(number % 4 + 1)
        )
        leg = ticket.legs.get()
        leg = actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=start)
        if number % 3 == 0:
            actions.hand_over(
                leg=leg, by=it.ivan, to=it.finance, ask="?", version=leg.version, now=start
            )
        tickets.append(ticket)
    return it, tickets


def _rows(it: Any, now: Any) -> tuple[Any, Callable[[], object], Any]:
    from neike.desk import policies, queries  # noqa: PLC0415
    from neike.desk.display.rows import Rows  # noqa: PLC0415
    from neike.org import queries as org_queries  # noqa: PLC0415

    who = policies.standing(it.ivan, now=now)
    legs = queries.legs_of_queue(who, [it.it.pk], "open", now=now, midnight=now)
    page = queries.queue_page(legs, "open", size=ROWS)
    chart = org_queries.chart(on=who.on)
    names = {it.service.pk: it.service.name}

    def write() -> object:
        return Rows(page, chart=chart, services=names, now=now).html()

    return page, write, Rows(page, chart=chart, services=names, now=now)


def _template(text: str, page: Any, rows: Any) -> Callable[[], object]:
    """Return the same rows drawn by a template; what they are made of is computed each time, as a view would."""
    from django.template import engines  # noqa: PLC0415
    from django_cotton.compiler_regex import CottonCompiler  # noqa: PLC0415

    compiled = engines["django"].from_string(CottonCompiler().process(text))

    def draw() -> object:
        return compiled.render({"rows": [_values(row, rows) for row in page.rows], "now": rows.now})

    return draw


def _values(row: Any, rows: Any) -> dict[str, Any]:
    from neike.desk.display import promises, states  # noqa: PLC0415

    clock = rows.page.clocks[row.pk]
    tone = states.LEG_TONES[row.state]
    return {
        "pk": row.pk,
        "version": row.version,
        "number": f"R-{row.ticket__number}",
        "hot": states.PRIORITY_TONES[row.priority] if row.priority in "12" else "",
        "priority": rows.words.priorities[row.priority],
        "path": f"/requests/R-{row.ticket__number}/",
        "title": row.ticket__title,
        "requester": row.ticket__requester__name,
        "customer": rows.chart.name(row.customer_id),
        "service": rows.services[row.service_id],
        "legs": [
            {"css": f"nk-legs-{tone}", "title": rows.words.leg_states[leg.state]}
            for leg in rows.page.bars[row.ticket_id]
        ],
        "state": rows.words.leg_states[row.state],
        "tone": tone,
        "chip": promises.chip(clock, rows.calendars[clock.calendar_id], now=rows.now),
        "who": row.assignee__name,
        "at": row.ticket__last_activity_at,
    }


def _best(work: Callable[[], object], count: int) -> float:
    """Return CPU milliseconds per call, the best of some rounds, after one to warm up."""
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        begun = process_time()
        for _ in range(count):
            work()
        best = min(best, (process_time() - begun) / count)
    return best * 1000


def _report(what: str, milliseconds: float) -> None:
    print(f"{what:<32}{milliseconds:8.2f} ms CPU", flush=True)
