"""What the demo company's customers need, what their providers guessed, how it went, and what was signed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Final, NamedTuple

from neike.catalog.demo import Offered
from neike.kernel.demo import Company, moment
from neike.org.demo.people import Staff
from neike.org.models import Person
from neike.relations import actions
from neike.relations.actions.needs import NeedContent
from neike.relations.choices import Dimension, MeasureUnit
from neike.relations.demo.templates import Pair
from neike.relations.models import Need, ServiceRelation


class Wanted(NamedTuple):
    """A need in the customer's words; what its provider's lead guessed is expected, and how it was perceived."""

    pair: Pair
    dimension: Dimension
    statement: str
    importance: int
    expected: int
    guess: int | None
    perceived: tuple[int, ...]
    measure: str = ""
    amount: int = 0
    unit: MeasureUnit | str = ""


NEEDS: Final = (
    Wanted(("it", "hr"), Dimension.TIMELINESS, "新员工入职当天，账号、邮箱和电脑都已经可以用。", 5, 5, 4, (4, 4, 5), "入职当天就绪的比例", 95, MeasureUnit.PERCENT),
    Wanted(("it", "hr"), Dimension.COMMUNICATION, "系统升级前提前告诉我们，不要赶在发薪前两天。", 4, 4, 2, (3, 2, 3), "提前通知", 3, MeasureUnit.WORKING_DAYS),
    Wanted(("it", "rd"), Dimension.TIMELINESS, "代码库和编译环境出问题时，半小时内有人接手。", 5, 5, 5, (3, 3, 4), "接手时间", 30, MeasureUnit.MINUTES),
    Wanted(("it", "rd"), Dimension.COMPETENCE, "能听懂我们在说什么，不用解释三遍。", 4, 4, 4, (4, 5, 4)),
    Wanted(("it", "east"), Dimension.TIMELINESS, "出差在外时 VPN 连不上，当天要能解决。", 5, 5, 3, (4, 3, 4), "恢复时间", 4, MeasureUnit.HOURS),
    Wanted(("it", "intl"), Dimension.COMMUNICATION, "Please answer before noon our time; your afternoon is our morning.", 4, 4, None, (3, 4)),
    Wanted(("finance", "procurement"), Dimension.TIMELINESS, "合同付款按约定日期付出去，供应商不再打电话催。", 5, 5, 4, (2, 3, 2), "按期付款的比例", 95, MeasureUnit.PERCENT),
    Wanted(("finance", "procurement"), Dimension.INITIATIVE, "付款有疑问时主动打电话，而不是退回单据。", 4, 4, 4, (3, 3)),
    Wanted(("finance", "east"), Dimension.QUALITY, "开票信息一次开对，客户不退票。", 5, 5, 5, (5, 4, 5), "一次开对的比例", 99, MeasureUnit.PERCENT),
    Wanted(("admin", "hr"), Dimension.TIMELINESS, "证明上午交，下午能盖好章。", 4, 4, 4, (4, 4, 4), "用印时间", 4, MeasureUnit.HOURS),
    Wanted(("procurement", "rd"), Dimension.TIMELINESS, "打样物料两周内到，不影响试产。", 5, 5, 4, (3, 2, 3, 3), "到料时间", 10, MeasureUnit.WORKING_DAYS),
    Wanted(("procurement", "rd"), Dimension.COMMUNICATION, "交期有变，当天告诉我们。", 5, 4, 4, (2, 3, 2)),
    Wanted(("hr", "rd"), Dimension.QUALITY, "推荐的候选人真正做过嵌入式。", 4, 4, 3, (3, 4)),
    Wanted(("quality", "care"), Dimension.COMPETENCE, "客诉分析写清原因和临时对策，我们好回复客户。", 5, 5, 5, (4, 4, 5)),
    Wanted(("legal", "finance"), Dimension.TIMELINESS, "标准合同一天内有意见。", 4, 4, 4, (4, 4), "审核时间", 1, MeasureUnit.WORKING_DAYS),
)  # fmt: skip
ASKED_OF_MANY: Final = NEEDS[2]
"""The need that enough people have answered the Kano pair about."""
_KANO: Final = (
    (2, 5),
    (2, 5),
    (1, 5),
    (2, 4),
    (2, 5),
    (1, 4),
    (3, 5),
    (2, 5),
    (2, 5),
    (1, 5),
    (2, 5),
    (3, 3),
)
ASKED_OF_FEW: Final = NEEDS[3]

SIGNED: Final = (
    (("it", "hr"), "it-account-access"),
    (("it", "rd"), "it-network-vpn"),
    (("finance", "procurement"), "finance-contract-payment"),
    (("finance", "east"), "finance-invoice"),
    (("admin", "hr"), "admin-seal"),
    (("procurement", "rd"), "procurement-request"),
    (("hr", "rd"), "hr-onboarding"),
)
"""Agreements both sides have signed: the pair and the service."""
TO_SIGN: Final = ((("it", "east"), "it-network-vpn"),)
"""Signed by the provider; the customer's signature is missing."""


def load(
    company: Company,
    relations: Mapping[Pair, ServiceRelation],
    leads: Mapping[str, Person],
) -> None:
    """State the needs half-way through the history, guess them a week later, review them three weeks ago."""
    stated = moment(company.halfway + timedelta(days=20), 10 * 60)
    staff: Staff = company.shared["staff"]
    for wanted in NEEDS:
        provider, customer = wanted.pair
        members = [each.person for each in staff.of(customer, company.today)]
        need = _state(wanted, relations[wanted.pair], leads[customer], stated)
        if wanted.guess is not None:
            actions.guess(
                need=need,
                by=leads[provider],
                expected=wanted.guess,
                importance=wanted.importance,
                version=need.version,
                now=stated + timedelta(days=7),
            )
        _review(company, wanted, need, members)
        if wanted in (ASKED_OF_MANY, ASKED_OF_FEW):
            _ask(company, need, members, len(_KANO) if wanted is ASKED_OF_MANY else 4)
    _sign(company, relations, leads)


def _state(wanted: Wanted, relation: ServiceRelation, by: Person, now: datetime) -> Need:
    content = NeedContent(
        statement=wanted.statement,
        importance=wanted.importance,
        expected=wanted.expected,
        measure=wanted.measure,
        amount=Decimal(wanted.amount) if wanted.measure else None,
        unit=wanted.unit,
    )
    return actions.state_need(
        relation=relation, by=by, dimension=wanted.dimension, content=content, now=now
    )


def _review(company: Company, wanted: Wanted, need: Need, members: Sequence[Person]) -> None:
    at = company.until - timedelta(days=20, hours=-10)
    for person, perceived in zip(members, wanted.perceived, strict=False):
        actions.review_need(need=need, by=person, perceived=perceived, now=at)


def _ask(company: Company, need: Need, members: Sequence[Person], people: int) -> None:
    at = company.until - timedelta(days=19, hours=-10)
    for person, (functional, dysfunctional) in zip(members[:people], cycle(_KANO), strict=False):
        actions.answer_kano(
            need=need, by=person, functional=functional, dysfunctional=dysfunctional, now=at
        )


def _sign(
    company: Company,
    relations: Mapping[Pair, ServiceRelation],
    leads: Mapping[str, Person],
) -> None:
    catalogue: Mapping[str, Offered] = company.shared["catalogue"]
    at = moment(company.halfway + timedelta(days=27), 14 * 60)
    for pair, service in (*SIGNED, *TO_SIGN):
        since, standard = catalogue[service].standards[-1]
        now = max(at, since + timedelta(days=7))
        agreement = actions.propose_agreement(
            relation=relations[pair], standard=standard, by=leads[pair[0]], now=now
        )
        for key in pair if (pair, service) in SIGNED else pair[:1]:
            agreement = actions.sign(
                agreement=agreement, by=leads[key], version=agreement.version, now=now
            )
