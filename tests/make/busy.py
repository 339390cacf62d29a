"""A desk with something of everything on it, in Chinese and English."""

from datetime import datetime, timedelta

from django.utils import timezone

from neike.catalog.choices import HandOverMode, Priority
from neike.desk import actions
from neike.desk.choices import Visibility, WaitingOn
from neike.desk.models import Leg
from tests.make import desk as make

TITLES = (
    "Supplier payment came back from the bank, please send again",
    "新员工入职：笔记本电脑、门禁与邮箱",
    "Question on the Q4 budget change",
    "合同法务评审（跨境数据条款）",
    "Meeting-room projector does not connect",
)


def busy_desk() -> tuple[make.Company, list[Leg]]:
    """Return a company whose IT has a queue; the first leg has handed work over and come back."""
    it = make.company()
    now = timezone.now()
    start = now - timedelta(hours=30)
    legs = [
        it.submit(now=start + timedelta(minutes=7 * n), title=title, priority=priority).legs.get()
        for n, (title, priority) in enumerate(
            zip(TITLES, (Priority.URGENT, Priority.HIGH, "", "", Priority.LOW), strict=True)
        )
    ]
    first = _accept(it, legs[0], start + timedelta(minutes=40))
    _travel(it, first, start)
    second = _accept(it, legs[1], start + timedelta(minutes=50))
    actions.wait_leg(
        leg=second,
        by=it.ivan,
        waiting_on=WaitingOn.REQUESTER,
        reason_given="请问需要哪种键盘布局？",
        follow_up_at=now + timedelta(days=1),
        version=second.version,
        now=start + timedelta(hours=2),
    )
    third = _accept(it, legs[2], start + timedelta(hours=3))
    actions.start_leg(leg=third, by=it.ivan, version=third.version, now=start + timedelta(hours=4))
    return it, [make.fresh(leg) for leg in legs]


def _accept(it: make.Company, leg: Leg, now: datetime) -> Leg:
    return actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=now)


def _travel(it: make.Company, leg: Leg, start: datetime) -> None:
    """Let the leg be talked about, handed over and delivered back."""
    ticket = leg.ticket
    actions.post_message(
        ticket=ticket,
        by=it.ivan,
        body="I look into it. **Two questions** first:\n\n- which bank?\n- which day?",
        now=start + timedelta(minutes=60),
    )
    actions.post_message(
        ticket=ticket, by=it.anna, body="招商银行，上周五。", now=start + timedelta(minutes=80)
    )
    actions.post_message(
        ticket=ticket,
        by=it.ivan,
        body="The account number was changed last week, see `R-1000`.",
        visibility=Visibility.INTERNAL,
        now=start + timedelta(minutes=90),
    )
    leg = make.fresh(leg)
    asked = actions.hand_over(
        leg=leg,
        by=it.ivan,
        to=it.finance,
        ask="Please check the supplier's bank account.",
        mode=HandOverMode.RELAY,
        version=leg.version,
        now=start + timedelta(hours=3),
    )
    asked = actions.accept_leg(
        leg=asked, by=it.fang, version=asked.version, now=start + timedelta(hours=4)
    )
    actions.deliver_leg(
        leg=asked,
        by=it.fang,
        version=asked.version,
        now=start + timedelta(hours=25),
        note="Account corrected.",
    )
