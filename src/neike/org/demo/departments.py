"""The demo company's departments, as they were a year ago and what a reorganisation made of them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from neike.kernel.demo import Company, moment
from neike.kernel.texts import LocalizedText
from neike.org.actions.departments import create_department, move_department, rename_department
from neike.org.choices import DepartmentKind
from neike.org.models import Department

FOUNDED: Final = date(2016, 3, 1)
ROOT: Final = "company"
SERVING: Final = ("it", "hr", "finance", "admin", "legal", "procurement")
"""The departments with the shipped catalogue, by its keys."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A department as it stood when the history began, by the key that other parts know it by."""

    key: str
    code: str
    zh: str
    en: str
    zh_purpose: str
    en_purpose: str
    size: int
    above: str = ROOT


WANTED: Final = (
    Wanted("office", "GMO", "总经理办公室", "Executive Office", "统筹经营计划与重大事项", "Keeps plans and major matters together", 8),
    Wanted("rd", "RD", "研发中心", "Research and Development", "把客户的需要做成产品", "Turns customers' needs into products", 110),
    Wanted("quality", "QA", "质量部", "Quality", "守住每一件产品的质量", "Stands for the quality of every product", 16, "rd"),
    Wanted("east", "SE", "华东销售部", "Sales East China", "服务华东的客户", "Serves customers in East China", 42),
    Wanted("south", "SS", "华南销售部", "Sales South China", "服务华南的客户", "Serves customers in South China", 34),
    Wanted("intl", "IB", "国际业务部（柏林）", "International Business (Berlin)", "服务海外的客户", "Serves customers abroad", 18),
    Wanted("marketing", "MK", "市场部", "Marketing", "让市场听懂我们", "Makes the market understand us", 22),
    Wanted("care", "CS", "客户服务部", "Customer Service", "客户遇到问题时第一个回应", "Answers first when customers have trouble", 44, "marketing"),
    Wanted("it", "IT", "信息技术部", "Information Technology", "让每个人用得上、用得好、用得安全", "Keeps systems available, easy and safe for everybody", 26),
    Wanted("hr", "HR", "人力资源部", "Human Resources", "让人进得来、长得快、留得住", "Brings people in and helps them grow and stay", 18),
    Wanted("finance", "FIN", "财务部", "Finance", "账清、款准、答得快", "Clear books, punctual payments, quick answers", 24),
    Wanted("admin", "ADM", "行政部", "Administration", "把办公这件事打理妥当", "Takes care of everything an office needs", 20),
    Wanted("legal", "LEG", "法务部", "Legal", "让业务走得快也走得稳", "Lets business move fast and safely", 7),
    Wanted("procurement", "PUR", "采购部", "Procurement", "买得到、买得值、按时到", "Buys what is needed, at a fair price, on time", 16),
)  # fmt: skip


def load(company: Company) -> None:
    """Found the departments; half-way through the history two are put elsewhere and two take other names."""
    founded = moment(date(company.begins.year - 1, 1, 2), 610)
    root = create_department(
        code="YL",
        kind=DepartmentKind.LEGAL_ENTITY,
        name=LocalizedText.of(zh="云岭科技有限公司", en="Yunling Tech Co., Ltd."),
        purpose=LocalizedText.of(zh="智能巡检设备与服务", en="Inspection robots and services"),
        valid_from=FOUNDED,
        calendar=company.shared["calendars"]["cn"],
        by=None,
        now=founded,
    )
    found: dict[str, Department] = {ROOT: root}
    for each in WANTED:
        found[each.key] = create_department(
            code=each.code,
            name=LocalizedText.of(zh=each.zh, en=each.en),
            purpose=LocalizedText.of(zh=each.zh_purpose, en=each.en_purpose),
            parent=found[each.above],
            valid_from=FOUNDED,
            calendar=company.shared["calendars"]["de"] if each.key == "intl" else None,
            by=None,
            now=founded,
        )
    company.shared["departments"] = found
    _reorganise(company, found)


def _reorganise(company: Company, found: dict[str, Department]) -> None:
    day = company.halfway
    decided = moment(day, 570)
    for key in ("quality", "care"):
        move_department(
            department=found[key], parent=found[ROOT], valid_from=day, by=None, now=decided
        )
    for key, zh, en in (
        ("care", "客服中心", "Customer Care Centre"),
        ("finance", "财务共享中心", "Finance Shared Services"),
    ):
        rename_department(
            department=found[key],
            name=LocalizedText.of(zh=zh, en=en),
            valid_from=day,
            by=None,
            now=decided,
        )
