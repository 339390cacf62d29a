"""What the demo company's IT tells its customers: an outage to come, an incident that is open, one that is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from neike.catalog.demo import Offered
from neike.catalog.models import Service
from neike.desk.actions import department_notices as notices
from neike.desk.actions import incidents
from neike.desk.choices import OPEN_TICKET_STATES, NoticeKind
from neike.desk.models import DepartmentNotice, Ticket
from neike.kernel.demo import Company, moment
from neike.kernel.texts import LocalizedText
from neike.org.demo import accounts
from neike.org.models import Department, Person

_LINKED: Final = 6
_SATURDAY: Final = 5
_KNOWN: Final = (accounts.EMPLOYEE, accounts.ABROAD)


def load_department_notices(company: Company) -> None:
    """Let IT announce a maintenance, report an open incident with its requests, and end an older one."""
    departments: Mapping[str, Department] = company.shared["departments"]
    by = Person.objects.get(employee_no=accounts.IT_HEAD)
    it = departments["it"]
    network = _services(company)
    _outage(company, it, by, network)
    _ended(company, it, by, network)
    notice = _open(company, it, by, network)
    open_tickets = Ticket.objects.filter(
        supplier=it, state__in=OPEN_TICKET_STATES, confidential=False
    ).exclude(requester__employee_no__in=_KNOWN)
    named = open_tickets.filter(service__in=network).order_by("-submitted_at")
    others = open_tickets.exclude(service__in=network).order_by("-submitted_at")
    for ticket in [*named[:_LINKED], *others[:_LINKED]][:_LINKED]:
        incidents.link_incident(
            ticket=ticket, notice=notice, by=by, now=company.until - timedelta(hours=6)
        )


def _services(company: Company) -> list[Service]:
    catalogue: Mapping[str, Offered] = company.shared["catalogue"]
    return [offered.service for key, offered in catalogue.items() if key.startswith("it-network")]


def _published(
    it: Department, by: Person, content: notices.NoticeContent, now: datetime
) -> DepartmentNotice:
    made = notices.draft_notice(department=it, content=content, by=by, now=now)
    return notices.publish_notice(notice=made, version=made.version, by=by, now=now)


def _outage(company: Company, it: Department, by: Person, services: list[Service]) -> None:
    saturday = company.today + timedelta(days=(_SATURDAY - company.today.weekday()) % 7 or 7)
    _published(
        it,
        by,
        notices.NoticeContent(
            kind=NoticeKind.OUTAGE,
            title=LocalizedText.of(zh="周六夜间 VPN 维护", en="VPN maintenance on Saturday night"),
            body=LocalizedText.of(
                zh="升级 VPN 网关。期间无法从外部访问内网，请提前下载需要的资料。",
                en="We upgrade the VPN gateway. The network cannot be reached from outside meanwhile; "
                "please download what you need before.",
            ),
            services=services,
            starts_at=moment(saturday, 20 * 60),
            ends_at=moment(saturday, 23 * 60),
        ),
        company.until - timedelta(days=1),
    )


def _open(
    company: Company, it: Department, by: Person, services: list[Service]
) -> DepartmentNotice:
    began = company.until - timedelta(hours=8)
    made = _published(
        it,
        by,
        notices.NoticeContent(
            kind=NoticeKind.INCIDENT,
            title=LocalizedText.of(
                zh="三楼无线网络时断时续", en="Wireless network unstable on the third floor"
            ),
            body=LocalizedText.of(
                zh="请先改用有线网络。我们正在与运营商排查原因。",
                en="Please use a cable for now. We are looking for the cause with the carrier.",
            ),
            services=services,
            starts_at=began,
        ),
        began,
    )
    return notices.update_notice(
        notice=made,
        text=LocalizedText.of(
            zh="已定位到一台交换机故障，备件预计一小时内到达。",
            en="A broken switch was found; the spare part is expected within the hour.",
        ),
        version=made.version,
        by=by,
        now=company.until - timedelta(hours=7),
    )


def _ended(company: Company, it: Department, by: Person, services: list[Service]) -> None:
    began = moment(company.today - timedelta(days=9), 9 * 60 + 40)
    made = _published(
        it,
        by,
        notices.NoticeContent(
            kind=NoticeKind.INCIDENT,
            title=LocalizedText.of(zh="邮件收发延迟", en="Mail was delayed"),
            body=LocalizedText.of(
                zh="邮件会晚到，但不会丢失。", en="Mail arrives late but is not lost."
            ),
            services=(),
            starts_at=began,
        ),
        began,
    )
    notices.end_notice(
        notice=made,
        text=LocalizedText.of(
            zh="邮件队列已清空，收发恢复正常。", en="The queue is empty again; mail flows as usual."
        ),
        version=made.version,
        by=by,
        now=began + timedelta(hours=3),
    )
