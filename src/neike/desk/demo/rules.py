"""How the demo company gives out its work, and the rules it lives with."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from neike.catalog.choices import Priority
from neike.desk.actions import assignment, rules
from neike.desk.choices import AssignmentMode
from neike.engines.rules import Condition, Op
from neike.kernel.demo import Company
from neike.kernel.texts import LocalizedText
from neike.org.demo import accounts
from neike.org.models import Department, Person

_SKILLS: Final = (
    ("网络与 VPN", "Network and VPN", "it-network"),
    ("电脑与设备", "Computers and devices", "it-laptop"),
    ("账号与权限", "Accounts and access", "it-a"),
)
"""Skills of IT; the services whose key begins so ask for it."""


def load(company: Company) -> None:
    """Let IT give out its work by skill, HR in turn, and make four rules."""
    now = company.now - timedelta(days=1)
    departments: Mapping[str, Department] = company.shared["departments"]
    heads = {
        "it": Person.objects.get(employee_no=accounts.IT_HEAD),
        "hr": Person.objects.get(employee_no=accounts.HR_HEAD),
    }
    for key, mode in (("it", AssignmentMode.SKILL), ("hr", AssignmentMode.TURN)):
        content = assignment.PolicyContent(
            mode=mode.value,
            within_hours=True,
            auto_accept=False,
            usual_capacity=12,
            unassigned_minutes=60,
            fallback=heads[key],
        )
        assignment.set_policy(department=departments[key], by=heads[key], content=content, now=now)
    _skills(company, departments["it"], heads["it"], now)
    for key, rule in _rules(departments):
        made = rules.make_rule(department=departments[key], by=heads[key], content=rule, now=now)
        rules.switch_rule(rule=made, by=heads[key], on=True, now=now)


def _skills(company: Company, it: Department, head: Person, now: datetime) -> None:
    catalogue = company.shared["catalogue"]
    made = [
        assignment.add_skill(
            department=it,
            by=head,
            name=LocalizedText.of(zh=zh, en=en),
            services=[
                offered.service.public_id
                for key, offered in catalogue.items()
                if key.startswith(prefix)
            ],
            now=now,
        )
        for zh, en, prefix in _SKILLS
    ]
    agent = Person.objects.get(employee_no=accounts.IT_AGENT)
    assignment.set_capacity(
        department=it,
        by=head,
        person=agent,
        maximum=15,
        skills=[skill.public_id for skill in made[:2]],
        now=now,
    )
    assignment.set_capacity(
        department=it, by=head, person=head, maximum=0, skills=[made[2].public_id], now=now
    )


def _rules(departments: Mapping[str, Department]) -> list[tuple[str, rules.RuleContent]]:
    urgent = Condition("priority", Op.IN, [Priority.URGENT.value])
    finance = str(departments["finance"].public_id)
    return [
        (
            "it",
            _rule(
                "紧急请求立即告知负责人",
                "Tell the lead of urgent requests at once",
                "submitted",
                {"do": "notify", "whom": "lead"},
                conditions=(urgent,),
                order=10,
            ),
        ),
        (
            "it",
            _rule(
                "紧急请求先给请求人一个交代",
                "Tell the requester of an urgent request what happens next",
                "accepted",
                {
                    "do": "message",
                    "text": "我们已开始处理您的紧急请求，一小时内会有同事联系您。\n\n"
                    "We have begun with your urgent request; a colleague calls you within the hour.",
                },
                {
                    "do": "note",
                    "text": "紧急：请在一小时内电话联系请求人。 / Urgent: call within the hour.",
                },
                conditions=(urgent,),
                order=20,
            ),
        ),
        (
            "it",
            _rule(
                "两天没有进展就提醒处理人",
                "Remind whoever works on it after two quiet days",
                "quiet",
                {"do": "notify", "whom": "assignee"},
                amount=16,
                order=30,
            ),
        ),
        (
            "hr",
            _rule(
                "提到工资的请求添加核对任务",
                "Open a check where pay is mentioned",
                "submitted",
                {
                    "do": "task",
                    "title": "核对薪资信息 / Check the pay data",
                    "checklist": ["核对人员编号 / Employee number", "核对计薪月份 / Month of pay"],
                },
                conditions=(
                    Condition("text", Op.CONTAINS, ["工资", "薪资", "salary", "payroll"]),
                    Condition("customer", Op.NOT_IN, [finance]),
                ),
                order=10,
            ),
        ),
    ]


def _rule(
    zh: str, en: str, trigger: str, *does: Mapping[str, Any], **more: Any
) -> rules.RuleContent:
    name = LocalizedText.of(zh=zh, en=en)
    return rules.RuleContent(name=name, trigger=trigger, actions=does, **more)
