"""Builders of the catalogue. They go through the actions, as the system itself."""

from itertools import count
from typing import Any, Unpack

from neike.catalog import actions
from neike.catalog.actions import ServiceFields, StandardContent
from neike.catalog.models import Service, ServiceStandard
from neike.kernel.texts import LocalizedText
from neike.org.models import BusinessCalendar, Department
from tests.make.org import NOW, calendar, department

_next = count(1)
FORM: list[dict[str, Any]] = [
    {
        "key": "details",
        "type": "long_text",
        "label": {"source": "en", "en": "Details", "zh-hans": "详情"},
        "required": True,
    }
]
TARGETS = actions.minutes({"first_response": {"": 60, "1": 15}, "end_to_end": {"": 450, "1": 120}})


def text(en: str, zh: str = "") -> LocalizedText:
    """Return a text in both languages."""
    return LocalizedText.of(en=en, zh=zh or en)


def any_calendar() -> BusinessCalendar:
    """Return a calendar: the first there is, else a new one."""
    return BusinessCalendar.objects.first() or calendar()


def content(**fields: Any) -> StandardContent:
    """Return what a standard says, publishable unless the test says otherwise."""
    return StandardContent(
        **{"calendar": fields.pop("calendar", None) or any_calendar(), "targets": TARGETS, **fields}
    )


def draft_service(
    owner_department: Department | None = None, *, key: str = "", **fields: Unpack[ServiceFields]
) -> Service:
    """Return a service without form and standard."""
    number = next(_next)
    fields.setdefault("name", text(f"Service {number}", f"服务{number}"))
    return actions.create_service(
        department=owner_department or department(),
        key=key or f"service-{number}",
        by=None,
        now=NOW,
        **fields,
    )


def published_standard(service: Service, **fields: Any) -> ServiceStandard:
    """Put a standard into force."""
    drafted = actions.draft_standard(service=service, content=content(**fields), by=None, now=NOW)
    return actions.publish_standard(standard=drafted, by=None, now=NOW)


def service(
    owner_department: Department | None = None, *, key: str = "", **fields: Unpack[ServiceFields]
) -> Service:
    """Return a published service with a form of one field and a standard."""
    made = draft_service(owner_department, key=key, **fields)
    actions.publish_form(service=made, fields=FORM, by=None, now=NOW)
    published_standard(made)
    return actions.publish_service(service=made, by=None, now=NOW)
