"""How the demo company works its queues: replies kept ready and a view shared by IT."""

from typing import Final

from neike.desk.choices import LegState
from neike.desk.models import Macro, SavedView
from neike.kernel.demo import Company
from neike.kernel.texts import LocalizedText
from neike.org.demo.people import Staff
from neike.org.models import Department

_MACROS: Final = (
    (
        {"en": "Received", "zh": "已收到"},
        {
            "en": "Hello {requester}, I have {number} and will come back to you by {due}.\n\n{agent}",
            "zh": "{requester}您好，{number} 已由我受理，最迟 {due} 前回复您。\n\n{agent}",
        },
    ),
    (
        {"en": "Ready for pick-up", "zh": "可以领取"},
        {
            "en": "Hello {requester}, what you asked for ({service}) is ready at the IT counter.\n\n{agent}",
            "zh": "{requester}您好，您申请的“{service}”已备好，请到 IT 服务台领取。\n\n{agent}",
        },
    ),
    (
        {"en": "One question", "zh": "请补充信息"},
        {
            "en": "Hello {requester}, one question on {number}: which room, and when may we come?",
            "zh": "{requester}您好，关于 {number} 想确认一下：在哪个房间？什么时间方便？",
        },
    ),
)
_VIEWS: Final = (
    ("紧急未接 Urgent", {"priority": ["1", "2"], "state": [LegState.OFFERED.value]}),
    ("本周到期 This week", {"due": ["week"], "assignee": ["me"]}),
)


def load_working(company: Company) -> None:
    """Give IT its macros and shared views."""
    departments: dict[str, Department] = company.shared["departments"]
    staff: Staff = company.shared["staff"]
    owner = next(iter(staff.of("it", company.today))).pk
    department = departments["it"]
    Macro.objects.bulk_create(
        Macro(
            owner_id=owner,
            department=department,
            name=LocalizedText.of(**name),
            body=LocalizedText.of(**body),
        )
        for name, body in _MACROS
    )
    SavedView.objects.bulk_create(
        SavedView(owner_id=owner, department=department, name=name, data=data, position=position)
        for position, (name, data) in enumerate(_VIEWS)
    )
