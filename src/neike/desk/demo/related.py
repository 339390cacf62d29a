"""Requests of the demo company that hang together: two about the same, one with three parts, one split in two."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from neike.catalog.models import Service
from neike.desk import actions
from neike.desk.bulk import TicketScript
from neike.desk.choices import LinkKind
from neike.desk.demo.life import Life
from neike.desk.demo.special import Stage
from neike.desk.demo.world import World
from neike.desk.models import Ticket
from neike.kernel.demo import Company, moment
from neike.org.models import Person
from neike.org.queries import prepared_calendar

_KEPT: Final = "related requests"
_AFTERNOON: Final = 17 * 60 + 20
_PARTS: Final = (
    (
        "part-wifi",
        "八楼无线网络覆盖",
        "it-network-vpn",
        {"where": "office", "place": "八楼 8F", "scope": "team", "what": "八楼需要覆盖无线网络。"},
    ),
    (
        "part-room",
        "八楼会议室投影与视频会议",
        "it-meeting-room-av",
        {"room": "8F-801", "kind": "fault", "what": "新会议室需要投影和视频会议设备。"},
    ),
    (
        "part-tools",
        "八楼公用电脑安装设计软件",
        "it-software",
        {"software": "结构设计软件 2026", "licence": "free", "purpose": "设计组公用电脑。"},
    ),
)


def prepared(company: Company, world: World) -> Iterator[TicketScript]:
    """Yield the requests as they were made; `load` relates them once they are written."""
    stage = Stage(company, world)
    told: dict[str, TicketScript] = company.shared.setdefault(_KEPT, {})
    told["first"] = _vpn(stage, "marketing", "10:20", "在家办公 VPN 连上几分钟就断开")
    told["again"] = _vpn(stage, "east", "10:50", "华东办事处 VPN 总是掉线")
    told["whole"] = _ask(
        stage,
        "it-network-vpn",
        "9:10",
        "八楼新办公区网络与设备开通",
        {"where": "office", "place": "八楼 8F", "scope": "team", "what": "八楼下周启用。"},
    )
    for key, title, service, answers in _PARTS:
        told[key] = _ask(stage, service, "9:30", title, answers)
    told["two"] = _two_things(stage)
    yield from told.values()


def _vpn(stage: Stage, department: str, clock: str, title: str) -> TicketScript:
    life = stage.ask(
        "it-network-vpn",
        stage.at(1, clock),
        stage.somebody(department),
        title,
        agent=stage.it,
        where="home",
        scope="me",
        what="今天早上开始，每隔几分钟断一次，要重新登录。",
    )
    return _taken(stage, life, "11:05" if clock < "10:30" else "11:10", 1)


def _ask(
    stage: Stage, service: str, clock: str, title: str, answers: Mapping[str, Any]
) -> TicketScript:
    requester = stage.somebody("admin")
    life = stage.ask(service, stage.at(3, clock), requester, title, agent=stage.it, **answers)
    return _taken(stage, life, "10:15", 3)


def _taken(stage: Stage, life: Life, clock: str, days: int) -> TicketScript:
    life.go(stage.at(days, clock))
    life.script.accept(life.now, 0, by_id=stage.it.pk)
    life.script.start(life.now, 0, by_id=stage.it.pk)
    return life.script


def _two_things(stage: Stage) -> TicketScript:
    life = stage.ask(
        "it-network-vpn",
        stage.at(2, "14:10"),
        stage.abroad,
        "No access to the shared drive from Munich",
        agent=stage.it,
        where="home",
        scope="me",
        what="The shared drive has not opened since this morning.",
    )
    _taken(stage, life, "14:30", 2)
    life.script.message(
        stage.at(2, "15:05"),
        by_id=stage.abroad.pk,
        body="One more thing: could you also install the new PDF editor on my laptop?",
        serving=False,
    )
    return life.script


def load(company: Company) -> None:
    """Relate what was made: merge the second into the first, join the parts, split the two things."""
    told: dict[str, TicketScript] = company.shared.pop(_KEPT)
    tickets = {key: Ticket.objects.get(pk=script.ticket.pk) for key, script in told.items()}
    leg = tickets["first"].legs.select_related("assignee").get()
    agent = leg.assignee
    assert agent is not None  # noqa: S101 - it was accepted
    now = _last_afternoon(company)
    for key, *_told in _PARTS:
        actions.link(
            ticket=tickets[key], other=tickets["whole"], kind=LinkKind.CHILD_OF, by=agent, now=now
        )
    wifi = Ticket.objects.get(pk=tickets["part-wifi"].pk)
    note = "八楼十二个接入点已全部开通，实测正常。"
    actions.resolve(ticket=wifi, by=agent, version=wifi.version, note=note, now=now)
    again = tickets["again"]
    actions.merge(
        ticket=again,
        into=tickets["first"],
        by=agent,
        version=again.version,
        why="同一网关故障",
        now=now,
    )
    _split(tickets["two"], agent, now)


def _last_afternoon(company: Company) -> datetime:
    """Return a moment of the last working day, after all that was prepared and before the history ends."""
    calendar = prepared_calendar(company.shared["calendars"]["cn"])
    day = company.today - timedelta(days=1)
    while not calendar.is_working_date(day):
        day -= timedelta(days=1)
    return moment(day, _AFTERNOON)


def _split(ticket: Ticket, agent: Person, now: datetime) -> None:
    actions.split(
        ticket=ticket,
        messages=list(ticket.messages.order_by("-pk").values_list("pk", flat=True)[:1]),
        service=Service.objects.get(key="it-software"),
        by=agent,
        title="Install the new PDF editor",
        answers={"software": "PDF editor 2026", "licence": "free", "purpose": "Signing contracts."},
        now=now,
    )
