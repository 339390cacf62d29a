"""Requests prepared so that every demo account finds something waiting for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from neike.catalog.choices import HandOverMode, Priority
from neike.desk.bulk import TicketScript
from neike.desk.choices import ReturnReason, WaitingOn
from neike.desk.demo import relay
from neike.desk.demo.demand import Arrival
from neike.desk.demo.life import Life
from neike.desk.demo.texts import Title, offers
from neike.desk.demo.world import World
from neike.engines.worktime import PreparedCalendar
from neike.kernel.demo import Company, moment
from neike.org.demo import accounts
from neike.org.demo.people import Member
from neike.org.queries import prepared_calendar

_LOOK_BACK: Final = 60


def special(company: Company, world: World) -> Iterator[TicketScript]:
    """Yield the prepared requests; all of them happened on the last working days."""
    stage = Stage(company, world)
    yield _access_waits_for_an_answer(stage)
    yield _network_is_solved(stage)
    yield _software_is_closed(stage)
    yield _purchase_is_with_finance(stage)
    yield _laptop_is_late(stage)
    yield _newcomer_is_half_way(stage)
    yield _newcomer_comes_back(stage)
    yield _certificate_is_due_today(stage)
    yield _abroad_is_offline(stage)
    yield _extract_is_late(stage)
    yield _payment_came_back(stage)
    yield _abroad_is_asked(stage)
    yield _abroad_is_solved(stage)


class Stage:
    """The people and days these requests speak of."""

    def __init__(self, company: Company, world: World) -> None:
        self.world, self.rng = world, company.rng("desk.special")
        calendar: PreparedCalendar = prepared_calendar(company.shared["calendars"]["cn"])
        past = [company.today - timedelta(days=n) for n in range(1, _LOOK_BACK)]
        self.days: list[date] = [day for day in past if calendar.is_working_date(day)]
        staff = world.staff
        self.employee, self.abroad = staff[accounts.EMPLOYEE], staff[accounts.ABROAD]
        self.hr, self.it = staff[accounts.HR_AGENT], staff[accounts.IT_AGENT]
        self.finance = staff[accounts.FINANCE_AGENT]

    def at(self, ago: int, clock: str) -> datetime:
        """Return the time of day that many working days ago (1: the last one)."""
        hours, minutes = clock.split(":")
        return moment(self.days[ago - 1], int(hours) * 60 + int(minutes))

    def head(self, department: str) -> Member:
        """Return who leads a department."""
        people = self.world.staff.of(department, self.days[0])
        return next(each for each in people if each.stays[-1].post == 0)

    def somebody(self, department: str) -> Member:
        """Return an ordinary member of a department, always the same."""
        people = self.world.staff.of(department, self.days[0])
        return next(each for each in people if not each.known and each.stays[-1].post > 1)

    def ask(
        self,
        service: str,
        at: datetime,
        requester: Member,
        title: str,
        *,
        priority: str = Priority.NORMAL.value,
        agent: Member,
        held: bool = False,
        **answers: str,
    ) -> Life:
        """Submit a request with a title and form answers of its own."""
        usual = offers()[service]
        titles = (Title(title, answers),)
        words = {each: replace(said, titles=titles) for each, said in usual.words.items()}
        customer = requester.department_on(at.date())
        assert customer is not None  # noqa: S101 - the known people always belong somewhere
        life = Life(
            self.world,
            Arrival(at, replace(usual, words=words), requester, customer),
            self.rng,
            priority=priority,
            held=held,
        )
        life.agent = agent
        return life


def _accepted(life: Life, at: datetime, opening: str) -> None:
    """Let the agent take the request and say so."""
    life.go(at)
    life.script.accept(life.now, 0, by_id=life.agent.pk)
    life.go(at + timedelta(minutes=4))
    life.write(opening)
    life.script.start(life.now, 0, by_id=life.agent.pk)


def _asked(life: Life, at: datetime, question: str) -> TicketScript:
    life.go(at)
    life.write(question)
    life.script.wait(
        life.now, 0, by_id=life.agent.pk, waiting_on=WaitingOn.REQUESTER, reason=question
    )
    return life.script


def _handed(life: Life, at: datetime, to: str, ask: str) -> int:
    life.go(at)
    return relay.offer(life, 0, to, HandOverMode.RELAY, ask)


def _taken(life: Life, no: int, at: datetime, by: Member) -> None:
    life.go(at)
    life.script.accept(life.now, no, by_id=by.pk)


def _access_waits_for_an_answer(stage: Stage) -> TicketScript:
    life = stage.ask(
        "it-account-access",
        stage.at(1, "10:12"),
        stage.employee,
        "开通测试管理系统的编辑权限",
        agent=stage.it,
        action="open",
        system="测试管理系统",
        role="编辑测试用例",
        reason="晨曦项目下周进入系统测试，需要维护用例。",
    )
    _accepted(life, stage.at(1, "10:31"), "晓雨好，已收到，正在和系统负责人确认。")
    return _asked(
        life,
        stage.at(1, "15:20"),
        "系统负责人问：只编辑晨曦项目的用例，还是全部项目？请回复一下，我马上开通。",
    )


def _network_is_solved(stage: Stage) -> TicketScript:
    life = stage.ask(
        "it-network-vpn",
        stage.at(1, "09:41"),
        stage.employee,
        "六楼研发区无线网络断断续续",
        agent=stage.somebody("it"),
        where="office",
        place="六楼研发区 6F-207",
        scope="team",
        what="从昨天下午开始，视频会议每隔十分钟断一次，旁边几位同事也一样。",
    )
    _accepted(life, stage.at(1, "09:55"), "收到，先远程看一下接入点日志。")
    life.go(stage.at(1, "11:35"))
    life.write("六楼东侧接入点固件异常，已更换并调整信道，请再试一下视频会议。")
    life.script.deliver(life.now, 0, by_id=life.agent.pk)
    return life.script


def _software_is_closed(stage: Stage) -> TicketScript:
    life = stage.ask(
        "it-software",
        stage.at(4, "14:05"),
        stage.employee,
        "安装电路仿真软件",
        agent=stage.it,
        software="电路仿真软件 2026",
        licence="free",
        purpose="晨曦项目的电源板评审。",
    )
    _accepted(life, stage.at(4, "14:20"), "公司有浮动许可，今天下午远程安装，可以吗？")
    life.go(stage.at(4, "16:40"))
    life.write("已安装并激活，许可登记在您名下。")
    life.script.deliver(life.now, 0, by_id=life.agent.pk)
    life.go(stage.at(3, "09:25"))
    life.script.confirm(life.now, by_id=stage.employee.pk)
    return life.script


def _purchase_is_with_finance(stage: Stage) -> TicketScript:
    life = stage.ask(
        "procurement-request",
        stage.at(4, "10:30"),
        stage.employee,
        "采购激光雷达两台（晨曦项目）",
        agent=stage.somebody("procurement"),
        kind="goods",
        what="16 线激光雷达，室外防护等级 IP67，含安装支架，质保一年。",
        quantity="2",
        cost_centre="晨曦项目",
    )
    _accepted(life, stage.at(4, "11:10"), "收到，按规格询价，三家比价后给您结果。")
    no = _handed(
        life, stage.at(2, "16:15"), "finance", "比价已完成，请确认晨曦项目预算是否够 5.6 万元。"
    )
    _taken(life, no, stage.at(1, "10:05"), stage.finance)
    return life.script


def _laptop_is_late(stage: Stage) -> TicketScript:
    life = stage.ask(
        "it-new-laptop",
        stage.at(9, "09:20"),
        stage.employee,
        "编译太慢，申请高性能电脑",
        agent=stage.it,
        kind="replace",
        model="power",
        reason="完整编译要四十分钟，仿真时内存经常占满。",
        old_number="PC3307",
    )
    _accepted(life, stage.at(9, "09:50"), "收到，库存没有高性能型，需要采购，我来跟进。")
    buyer = stage.somebody("procurement")
    no = _handed(
        life, stage.at(9, "10:30"), "procurement", "高性能型无库存，请采购一台并告知到货时间。"
    )
    _taken(life, no, stage.at(9, "15:10"), buyer)
    life.go(stage.at(3, "11:00"))
    life.script.wait(
        life.now,
        no,
        by_id=buyer.pk,
        waiting_on=WaitingOn.THIRD_PARTY,
        reason="供应商缺货，承诺下周发货",
        follow_up_at=life.after(20 * 3600),
    )
    life.go(stage.at(3, "11:20"))
    life.write("晓雨，供应商缺货，电脑要推迟到下周，抱歉让您久等。")
    return life.script


def _newcomer(stage: Stage, ago: int, clock: str, title: str, name: str) -> Life:
    life = stage.ask(
        "hr-onboarding",
        stage.at(ago, clock),
        stage.head("rd"),
        title,
        agent=stage.hr,
        name=name,
        needs="laptop+seat+badge",
        model="power",
        systems="代码库、测试管理系统",
    )
    _accepted(life, stage.at(ago, "11:30"), "收到，入职信息已建档，电脑和工位同步安排。")
    return life


def _newcomer_is_half_way(stage: Stage) -> TicketScript:
    life = _newcomer(stage, 3, "10:40", "校招生许知远下周一报到", "许知远")
    no = _handed(life, stage.at(3, "14:10"), "it", "请准备高性能电脑、邮箱和代码库权限。")
    _taken(life, no, stage.at(3, "14:35"), stage.it)
    life.go(stage.at(1, "16:40"))
    life.write(
        "电脑已装好放在服务台，账号已开通，代码库权限下周一生效。", by=stage.it, internal=True
    )
    life.script.deliver(life.now, no, by_id=stage.it.pk)
    return life.script


def _newcomer_comes_back(stage: Stage) -> TicketScript:
    life = _newcomer(stage, 4, "09:30", "算法工程师沈亦凡（社招）入职", "沈亦凡")
    no = _handed(life, stage.at(4, "15:00"), "it", "请准备电脑、邮箱和仿真平台权限。")
    _taken(life, no, stage.at(4, "15:30"), stage.it)
    life.go(stage.at(2, "11:00"))
    life.script.deliver(life.now, no, by_id=stage.it.pk)
    life.go(stage.at(1, "17:05"))
    life.script.rework(
        life.now, no, by_id=stage.hr.pk, reason="仿真平台权限没有开通，报到当天要用，请补上。"
    )
    return life.script


def _certificate_is_due_today(stage: Stage) -> TicketScript:
    life = stage.ask(
        "hr-employment-certificate",
        stage.at(1, "14:20"),
        stage.somebody("east"),
        "购房贷款用收入证明",
        agent=stage.hr,
        kind="income",
        use="银行贷款",
        language="zh",
        delivery="collect",
    )
    _accepted(life, stage.at(1, "14:45"), "收到，抬头写银行全称可以吗？默认按您表单内容开具。")
    return life.script


def _abroad_is_offline(stage: Stage) -> TicketScript:
    life = stage.ask(
        "it-network-vpn",
        stage.at(1, "17:10"),
        stage.abroad,
        "VPN drops every few minutes from Munich",
        agent=stage.it,
        priority=Priority.HIGH.value,
        where="home",
        scope="me",
        what="I am at a customer's site. The VPN drops every few minutes, over Wi-Fi and over my phone.",
    )
    _accepted(life, stage.at(1, "17:18"), "Hello Anna, I am looking at the gateway log now.")
    return life.script


def _extract_is_late(stage: Stage) -> TicketScript:
    life = stage.ask(
        "it-data-extract",
        stage.at(6, "15:10"),
        stage.somebody("marketing"),
        "各区域订单与退货汇总",
        agent=stage.it,
        question="想看各区域同比变化和退货原因。",
        system="客户管理系统",
        format="xlsx",
    )
    _accepted(life, stage.at(6, "15:40"), "收到，先对一下口径。")
    return life.script


def _payment_came_back(stage: Stage) -> TicketScript:
    life = stage.ask(
        "finance-contract-payment",
        stage.at(3, "11:05"),
        stage.somebody("admin"),
        "清河光电验收后付尾款",
        agent=stage.finance,
        supplier="清河光电",
        kind="final",
    )
    _accepted(life, stage.at(3, "11:40"), "收到，核对合同和验收后安排付款。")
    buyer = stage.somebody("procurement")
    for ago, asked in (
        (3, "请补采购订单号和到货验收信息。"),
        (2, "验收日期与合同不一致，请再确认。"),
    ):
        no = _handed(life, stage.at(ago, "15:10"), "procurement", asked)
        _taken(life, no, stage.at(ago, "15:50"), buyer)
        life.go(stage.at(ago - 1, "10:40"))
        life.write("订单在旧系统里，请提供合同扫描件。", by=buyer, internal=True)
        life.script.return_leg(
            life.now, no, by_id=buyer.pk, reason=ReturnReason.MISSING_INFORMATION
        )
    return life.script


def _abroad_is_asked(stage: Stage) -> TicketScript:
    life = stage.ask(
        "admin-travel",
        stage.at(1, "16:05"),
        stage.abroad,
        "Flight and hotel for Shanghai",
        agent=stage.somebody("admin"),
        action="book",
        route="Berlin – Shanghai",
        needs="flight+hotel",
    )
    _accepted(life, stage.at(1, "16:20"), "Hello Anna, I am checking flights.")
    return _asked(
        life,
        stage.at(1, "16:50"),
        "There is one flight via Frankfurt and one via Helsinki. Which do you prefer?",
    )


def _abroad_is_solved(stage: Stage) -> TicketScript:
    life = stage.ask(
        "finance-expense-question",
        stage.at(2, "16:15"),
        stage.abroad,
        "Expense report of my Munich trip came back",
        agent=stage.finance,
        kind="returned",
        question="It says a document is missing, but the itinerary is attached.",
    )
    _accepted(life, stage.at(2, "16:30"), "Hello Anna, I am looking at it.")
    life.go(stage.at(1, "11:15"))
    life.write("The itinerary was on page 3. The report is approved and will be paid on Friday.")
    life.script.deliver(life.now, 0, by_id=life.agent.pk)
    return life.script
