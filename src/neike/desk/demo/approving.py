"""Requests that needed an approval, and tasks with checklists: some dozens decided, some still waiting."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from neike.desk.bulk import TicketScript
from neike.desk.demo.life import Life
from neike.desk.demo.special import Stage
from neike.desk.demo.world import World
from neike.kernel.demo import Company
from neike.kernel.texts import LocalizedText
from neike.org.demo.people import Member

BY_HEAD: Final = LocalizedText.of(zh="部门负责人审批", en="Approval by the head of department")
HAND_OUT: Final = LocalizedText.of(zh="安装与交付", en="Install and hand over")
POINTS: Final = (
    LocalizedText.of(zh="核对许可数量", en="Check the number of licences"),
    LocalizedText.of(zh="安装并激活", en="Install and activate"),
    LocalizedText.of(zh="与使用人一起试用", en="Try it together with the user"),
)
_DECIDED: Final = 36
_SOFTWARE: Final = (
    "思维导图软件",
    "绘图软件",
    "项目排程软件",
    "录屏软件",
    "统计分析软件",
    "电子签章客户端",
)
_DEPARTMENTS: Final = ("rd", "quality", "marketing", "finance", "hr", "procurement")
_WHY_NOT: Final = ("本季度软件预算已用完，请下季度再提。", "部门已有同类软件，请先试用现有版本。")
_REFUSE_EVERY, _LATE_EVERY = 9, 5


def approving(company: Company, world: World) -> Iterator[TicketScript]:
    """Yield requests with approvals and tasks: decided ones of the last weeks, and open ones for the heads."""
    stage = Stage(company, world)
    for number in range(_DECIDED):
        yield _decided(stage, number)
    yield from _open_approvals(stage)
    yield from _open_tasks(stage)


def _decided(stage: Stage, number: int) -> TicketScript:
    """Tell a request for software that a head decided on, early or late, mostly with yes."""
    ago = 4 + number % (len(stage.days) - 6)
    department = _DEPARTMENTS[number % len(_DEPARTMENTS)]
    requester, head = stage.somebody(department), stage.head(department)
    software = _SOFTWARE[number // len(_DEPARTMENTS) % len(_SOFTWARE)]
    life = _software(stage, stage.at(ago, f"{9 + number % 2}:{10 + number}"), requester, software)
    no = _ask(life, head)
    days = 1 if number % _LATE_EVERY == 0 else 0
    life.go(stage.at(ago - days, f"{11 if days == 0 else 15}:{10 + number}"))
    if number % _REFUSE_EVERY == _REFUSE_EVERY - 1:
        return _refused(life, no, head, _WHY_NOT[number % len(_WHY_NOT)])
    life.script.approve(life.now, no, by_id=head.pk)
    life.script.release(life.now)
    life.go(life.now + timedelta(minutes=18))
    life.script.accept(life.now, 0, by_id=life.agent.pk)
    _task(life, ticked=len(POINTS))
    life.go(stage.at(ago - days - 1, "10:30"))
    life.write("已安装并激活，许可登记在您名下。")
    life.script.deliver(life.now, 0, by_id=life.agent.pk)
    life.go(stage.at(ago - days - 1, "14:05"))
    life.script.confirm(life.now, by_id=requester.pk)
    return life.script


def _software(stage: Stage, at: datetime, requester: Member, software: str) -> Life:
    return stage.ask(
        "it-software",
        at,
        requester,
        f"安装{software}",
        agent=stage.it,
        held=True,
        software=software,
        licence="buy",
        purpose="日常工作需要。",
    )


def _ask(life: Life, head: Member) -> int:
    return life.script.ask_approval(
        life.now, by_id=life.requester.pk, title=BY_HEAD, approvers=[head.pk], needed=1
    )


def _refused(life: Life, no: int, head: Member, why: str) -> TicketScript:
    life.script.message(life.now, by_id=head.pk, body=why, serving=False)
    life.script.refuse(life.now, no, by_id=head.pk, reason=why)
    life.script.reject(life.now, no, by_id=head.pk)
    return life.script


def _task(life: Life, *, ticked: int) -> None:
    """Open a task with its checklist, tick points one by one, and finish it when all are."""
    department = life.world.departments[life.department]
    no = life.script.open_task(
        life.now,
        by_id=life.agent.pk,
        title=HAND_OUT,
        department_id=department.pk,
        checklist=POINTS,
        leg=0,
    )
    for item in range(ticked):
        life.go(life.now + timedelta(minutes=7))
        life.script.tick(life.now, no, item, by_id=life.agent.pk)
    if ticked == len(POINTS):
        life.script.finish_task(life.now, no, by_id=life.agent.pk)


def _open_approvals(stage: Stage) -> Iterator[TicketScript]:
    """Yield what waits for the heads of IT and of Human Resources."""
    for requester, software, head, clock in (
        (stage.hr, "问卷设计软件", stage.head("hr"), "15:20"),
        (stage.somebody("hr"), "简历解析软件", stage.head("hr"), "16:05"),
        (stage.it, "网络抓包分析软件", stage.head("it"), "14:40"),
        (stage.somebody("it"), "远程协助软件", stage.head("it"), "16:30"),
    ):
        life = _software(stage, stage.at(1, clock), requester, software)
        _ask(life, head)
        yield life.script


def _open_tasks(stage: Stage) -> Iterator[TicketScript]:
    """Yield requests in work whose checklist is half ticked."""
    for ticked, department in ((1, "marketing"), (2, "quality")):
        requester, head = stage.somebody(department), stage.head(department)
        life = _software(stage, stage.at(2, "09:50"), requester, "流程图软件")
        no = _ask(life, head)
        life.go(stage.at(2, "11:10"))
        life.script.approve(life.now, no, by_id=head.pk)
        life.script.release(life.now)
        life.go(stage.at(1, "09:40"))
        life.script.accept(life.now, 0, by_id=life.agent.pk)
        _task(life, ticked=ticked)
        yield life.script
