"""The accounts the demo's sign-in page offers: fixed people, whatever else is drawn by lot."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import DemoAccount


@dataclass(frozen=True, slots=True)
class Known:
    """A person who is always there: name, department by key, and whether they lead it."""

    employee_no: str
    name: str
    department: str
    post: int
    english: bool = False


EMPLOYEE: Final = "YL0101"
HR_AGENT: Final = "YL0102"
IT_AGENT: Final = "YL0103"
FINANCE_AGENT: Final = "YL0104"
IT_HEAD: Final = "YL0105"
HR_HEAD: Final = "YL0106"
ADMINISTRATOR: Final = "YL0107"
AUDITOR: Final = "YL0108"
SECOND_ADMINISTRATOR: Final = "YL0109"
ABROAD: Final = "YL0110"

KNOWN: Final = (
    Known(EMPLOYEE, "林晓雨", "rd", 2),
    Known(HR_AGENT, "周敏", "hr", 2),
    Known(IT_AGENT, "陈昊", "it", 2),
    Known(FINANCE_AGENT, "何静怡", "finance", 2),
    Known(IT_HEAD, "赵文博", "it", 0),
    Known(HR_HEAD, "孙丽华", "hr", 0),
    Known(ADMINISTRATOR, "吴桐", "it", 3),
    Known(AUDITOR, "郑克勤", "office", 2),
    Known(SECOND_ADMINISTRATOR, "马骏", "it", 3),
    Known(ABROAD, "Anna Becker", "intl", 2, english=True),
)
"""`post` is the place in the department's list of posts: 0 leads it, 1 deputises."""

OFFERED: Final = (
    DemoAccount(
        "employee",
        10,
        EMPLOYEE,
        _("Employee, Research and Development"),
        _("Start here: ask another department for something and follow it."),
    ),
    DemoAccount(
        "hr_agent",
        20,
        HR_AGENT,
        _("Agent, Human Resources"),
        _("Take requests, hand them to IT and Administration, check what comes back."),
    ),
    DemoAccount(
        "it_agent",
        30,
        IT_AGENT,
        _("Agent, Information Technology"),
        _("Work a busy queue with promises that run out today."),
    ),
    DemoAccount(
        "finance_agent",
        40,
        FINANCE_AGENT,
        _("Agent, Finance Shared Services"),
        _("See work go back and forth between Finance and Procurement."),
    ),
    DemoAccount(
        "it_head",
        50,
        IT_HEAD,
        _("Head of Information Technology"),
        _("Look at a department that became better over the year."),
    ),
    DemoAccount(
        "hr_head",
        60,
        HR_HEAD,
        _("Head of Human Resources"),
        _("See what your department promises and whether it keeps it."),
    ),
    DemoAccount(
        "abroad",
        70,
        ABROAD,
        _("Employee, Berlin office"),
        _("Use the product in English, in another time zone."),
    ),
    DemoAccount(
        "administrator",
        80,
        ADMINISTRATOR,
        _("System administrator"),
        _("Change the organisation, roles, calendars and settings."),
    ),
    DemoAccount(
        "auditor",
        90,
        AUDITOR,
        _("Auditor"),
        _("Read the sealed record of who changed what."),
    ),
)
