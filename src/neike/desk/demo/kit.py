"""Requests for the new colleague kit, whose plan begins by itself: waiting, in work side by side, and done."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from neike.catalog.choices import HandOverMode
from neike.catalog.models import StandardStep
from neike.desk.bulk import TicketScript
from neike.desk.choices import EventKind
from neike.desk.demo.life import Life
from neike.desk.demo.special import Stage
from neike.desk.demo.world import World
from neike.kernel.demo import Company
from neike.kernel.texts import LocalizedText
from neike.org.demo.people import Member

KIT: Final = "hr-new-colleague-kit"
_APPROVE, _IT, _SEAT, _PAPERS, _WELCOME = "approve", "it", "admin", "papers", "welcome"
# who asks, for whom, where the new colleague works, how many working days ago
_DONE: Final = (
    ("rd", "许一诺", "office", 34),
    ("care", "邵子涵", "office", 31),
    ("quality", "Linda Vogt", "remote", 27),
    ("marketing", "费雨桐", "office", 24),
    ("east", "骆星河", "remote", 20),
    ("rd", "柴文轩", "office", 17),
    ("finance", "戚安然", "office", 13),
    ("south", "鲍思齐", "office", 10),
)
_LATE_EVERY: Final = 4
_RECEIVED: Final = (
    "已收到，审批通过后信息技术部、行政部和我们同时开始准备。",
    "Received: as soon as it is approved, IT, Administration and we begin side by side.",
)
_BUDGET: Final = "本季度编制已满，请与人力资源部确认后再提。"


def kits(company: Company, world: World) -> Iterator[TicketScript]:
    """Yield requests for the kit in every stage of its plan, so that each demo account finds its part."""
    stage = Stage(company, world)
    for number, (department, name, place, ago) in enumerate(_DONE):
        yield _done(stage, stage.somebody(department), name, place, ago, late=number % _LATE_EVERY)
    yield _done(stage, stage.abroad, "Jonas Keller", "remote", 15, late=1)
    yield _refused(stage)
    yield _ready_for_the_welcome(stage)
    yield _side_by_side(stage)
    yield _just_approved(stage)
    for requester, name, clock in (
        (stage.employee, "顾盼", "15:05"),
        (stage.hr, "钟书言", "15:40"),
        (stage.it, "Nora Brandt", "16:20"),
        (stage.abroad, "Emil Sommer", "17:10"),
    ):
        life = _asked(stage, requester, name, "office", 1, clock)
        _approval(stage, life)
        if requester is not stage.hr:  # nobody greets themselves
            _greeted(life)
        yield life.script


class _Plan:
    """The steps of the kit's standard, begun as the desk begins them."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.steps: dict[str, StandardStep] = {step.key: step for step in life.standard.steps.all()}

    def begin_leg(self, key: str, department: str) -> int:
        """Ask a department for its part; returns the number of the leg."""
        life, step = self.life, self.steps[key]
        offered = life.world.catalogue[department]
        no = len(life.script.course.legs)
        life.script.happen(
            EventKind.LEG_OFFERED,
            life.now,
            no,
            parent=0,
            mode=HandOverMode.PARALLEL.value,
            supplier=life.world.departments[department].pk,
            customer=life.script.ticket.supplier_id,
            service=offered.service.pk,
            standard=offered.standard_at(life.now).pk,
            ask=step.title.in_language("en" if life.english else "zh-hans"),
            step=key,
            seconds=step.seconds,
            automatic=True,
        )
        return no

    def begin_task(self, key: str) -> int:
        """Open a task of the department that offers the kit; returns its number."""
        life, step = self.life, self.steps[key]
        no = len(life.script.course.tasks)
        life.script.happen(
            EventKind.TASK_OPENED,
            life.now,
            title=step.title.as_json(),
            department=life.script.ticket.supplier_id,
            checklist=step.checklist,
            step=key,
        )
        return no

    def do_task(self, no: int, key: str, *, ticked: int | None = None) -> None:
        """Tick the points of a task a few minutes apart; all of them finish it."""
        life, points = self.life, len(self.steps[key].checklist)
        for item in range(points if ticked is None else ticked):
            life.go(life.now + timedelta(minutes=6))
            life.script.tick(life.now, no, item, by_id=life.agent.pk)
        if ticked is None:
            life.script.finish_task(life.now, no, by_id=life.agent.pk)


def _asked(stage: Stage, requester: Member, name: str, place: str, ago: int, clock: str) -> Life:
    title = f"New colleague kit for {name}" if requester.english else f"{name}的入职套件"
    at = stage.at(ago, clock)
    answers = {"name": name, "place": place}
    return stage.ask(KIT, at, requester, title, agent=stage.hr, held=True, **answers)


def _greeted(life: Life) -> None:
    """Say that it was received: the answer people are promised does not wait for the approval."""
    life.go(life.now + timedelta(minutes=22))
    life.write(_RECEIVED[1 if life.english else 0])


def _approval(stage: Stage, life: Life) -> Member:
    """Ask the head of the requester's department, or whoever leads above; return whom."""
    head = stage.head(life.customer)
    if head is life.requester:
        head = stage.head("office")
    step = _Plan(life).steps[_APPROVE]
    life.script.ask_approval(
        life.now,
        by_id=life.requester.pk,
        title=LocalizedText.from_json(step.title.as_json()),
        approvers=[head.pk],
        needed=1,
        step=_APPROVE,
    )
    return head


def _begun(
    stage: Stage, requester: Member, name: str, place: str, ago: int, *, days: int = 0
) -> tuple[Life, _Plan, dict[str, int]]:
    """Tell a request up to its approval, after which all departments begin; return their legs and the task."""
    life = _asked(stage, requester, name, place, ago, "09:35")
    head = _approval(stage, life)
    _greeted(life)
    life.go(stage.at(ago - days, "10:40" if not days else "09:50"))
    life.script.approve(life.now, 0, by_id=head.pk)
    plan = _Plan(life)
    begun = {_IT: plan.begin_leg(_IT, "it")}
    if place == "office":
        begun[_SEAT] = plan.begin_leg(_SEAT, "admin")
    begun[_PAPERS] = plan.begin_task(_PAPERS)
    life.script.release(life.now)
    return life, plan, begun


def _accepted(life: Life, no: int, by: Member, minutes: int) -> None:
    life.go(life.now + timedelta(minutes=minutes))
    life.script.accept(life.now, no, by_id=by.pk)


def _delivered(life: Life, no: int, by: Member) -> None:
    life.script.deliver(life.now, no, by_id=by.pk)
    life.go(life.now + timedelta(minutes=25))
    life.script.confirm_leg(life.now, no, by_id=life.agent.pk)


def _done(
    stage: Stage, requester: Member, name: str, place: str, ago: int, *, late: int
) -> TicketScript:
    """Tell a kit to its end; where `late` is 0 the approval and the laptop took a day longer."""
    slow = 0 if late else 1
    life, plan, begun = _begun(stage, requester, name, place, ago, days=slow)
    admin = stage.somebody("admin")
    _accepted(life, 0, life.agent, 7)
    _accepted(life, begun[_IT], stage.it, 9)
    if _SEAT in begun:
        _accepted(life, begun[_SEAT], admin, 4)
    plan.do_task(begun[_PAPERS], _PAPERS)
    if _SEAT in begun:
        life.go(stage.at(ago - slow, "15:20"))
        _delivered(life, begun[_SEAT], admin)
    life.go(stage.at(ago - 1 - 2 * slow, "11:10"))
    _delivered(life, begun[_IT], stage.it)
    welcome = plan.begin_task(_WELCOME)
    life.go(stage.at(ago - 2 - 2 * slow, "09:40"))
    plan.do_task(welcome, _WELCOME)
    life.write(life.blanks.choose(life.words.done))
    life.script.deliver(life.now, 0, by_id=life.agent.pk)
    life.go(stage.at(ago - 3 - 2 * slow, "10:05"))
    life.script.confirm(life.now, by_id=requester.pk)
    return life.script


def _refused(stage: Stage) -> TicketScript:
    life = _asked(stage, stage.somebody("marketing"), "康乐", "office", 6, "14:10")
    head = _approval(stage, life)
    _greeted(life)
    life.go(stage.at(5, "09:30"))
    life.script.refuse(life.now, 0, by_id=head.pk, reason=_BUDGET)
    life.script.reject(life.now, 0, by_id=head.pk)
    return life.script


def _ready_for_the_welcome(stage: Stage) -> TicketScript:
    """Everything is delivered; the welcome on the first day is what is left."""
    life, plan, begun = _begun(stage, stage.somebody("quality"), "祁子墨", "office", 3)
    admin = stage.somebody("admin")
    _accepted(life, 0, life.agent, 8)
    _accepted(life, begun[_IT], stage.it, 5)
    _accepted(life, begun[_SEAT], admin, 6)
    plan.do_task(begun[_PAPERS], _PAPERS)
    life.go(stage.at(3, "16:00"))
    _delivered(life, begun[_SEAT], admin)
    life.go(stage.at(1, "10:20"))
    _delivered(life, begun[_IT], stage.it)
    plan.begin_task(_WELCOME)
    return life.script


def _side_by_side(stage: Stage) -> TicketScript:
    """IT and Human Resources are at work, administration has delivered."""
    life, plan, begun = _begun(stage, stage.somebody("rd"), "夏知秋", "office", 1)
    admin = stage.somebody("admin")
    _accepted(life, 0, life.agent, 11)
    _accepted(life, begun[_SEAT], admin, 3)
    _accepted(life, begun[_IT], stage.it, 12)
    plan.do_task(begun[_PAPERS], _PAPERS, ticked=2)
    life.go(stage.at(1, "16:10"))
    life.script.deliver(life.now, begun[_SEAT], by_id=admin.pk)
    return life.script


def _just_approved(stage: Stage) -> TicketScript:
    """Approved at the end of the last day: three departments find it in the morning."""
    life = _asked(stage, stage.abroad, "Clara Winter", "office", 1, "16:40")
    head = _approval(stage, life)
    _greeted(life)
    life.go(stage.at(1, "17:35"))
    life.script.approve(life.now, 0, by_id=head.pk)
    plan = _Plan(life)
    plan.begin_leg(_IT, "it")
    plan.begin_leg(_SEAT, "admin")
    plan.begin_task(_PAPERS)
    life.script.release(life.now)
    return life.script
