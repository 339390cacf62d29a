"""The service every department has: "I need help with something else"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from neike.catalog.actions.bulk import ServiceDraft, create_published
from neike.catalog.actions.content import StandardContent, minutes
from neike.catalog.choices import TargetMetric
from neike.catalog.models import Service
from neike.kernel.texts import LocalizedText
from neike.org.models import BusinessCalendar, Department

# Working minutes; a working day has 450. Generous where nobody has agreed on anything better yet.
TARGETS: Final = minutes(
    {
        TargetMetric.ACCEPTANCE: 120,
        TargetMetric.FIRST_RESPONSE: {"": 120, "1": 30, "2": 60, "4": 240},
        TargetMetric.NEXT_RESPONSE: 240,
        TargetMetric.LEG_DELIVERY: {"": 900, "1": 240, "2": 450, "4": 1800},
        TargetMetric.END_TO_END: {"": 1350, "1": 450, "2": 900, "4": 2250},
        TargetMetric.APPROVAL: 450,
    }
)
FORM: Final[list[dict[str, Any]]] = [
    {
        "key": "details",
        "type": "long_text",
        "label": {"source": "zh-hans", "zh-hans": "您需要什么帮助？", "en": "What do you need?"},
        "help": {
            "source": "zh-hans",
            "zh-hans": "说说背景、期望的结果和时间，写得越清楚，办得越快。",
            "en": "Say what it is for, what result you hope for and by when: the clearer, the faster.",
        },
        "required": True,
        "min_length": 5,
    },
    {
        "key": "needed_by",
        "type": "date",
        "label": {"source": "zh-hans", "zh-hans": "希望完成的日期", "en": "Needed by"},
    },
    {
        "key": "files",
        "type": "file",
        "label": {"source": "zh-hans", "zh-hans": "附件", "en": "Files"},
    },
]


def ensure_catch_all(
    department: Department, *, calendar: BusinessCalendar, now: datetime
) -> Service:
    """Return the department's catch-all service, making it with the default promise when it lacks one."""
    return ensure_catch_alls([department], calendar=calendar, now=now)[department.pk]


@transaction.atomic
def ensure_catch_alls(
    departments: Sequence[Department], *, calendar: BusinessCalendar, now: datetime
) -> dict[int, Service]:
    """Return the catch-all service of each department by id, making those that are missing, in bulk."""
    # The lock lets two processes that ask at once end with one service each.
    list(Department.objects.select_for_update().filter(pk__in=[each.pk for each in departments]))
    wanted = Service.objects.filter(department__in=departments, is_catch_all=True)
    having = set(wanted.values_list("department_id", flat=True))
    lacking = [each for each in departments if each.pk not in having]
    create_published([_draft(each, calendar) for each in lacking], now=now)
    return {each.department_id: each for each in wanted.select_related("standard", "form").all()}


def _draft(department: Department, calendar: BusinessCalendar) -> ServiceDraft:
    return ServiceDraft(
        department=department,
        key=f"help-{department.public_id}",
        fields={
            "name": LocalizedText.of(zh="其他需求", en="Something else"),
            "summary": LocalizedText.of(
                zh="目录里找不到合适的服务？直接说，我们来帮您找到对的人。",
                en="Nothing in the catalogue fits? Tell us, and we find the right person for you.",
            ),
            "keywords": ["其他", "帮助", "咨询", "help", "other", "question"],
            "icon": "help",
            "order": 900,
        },
        form=FORM,
        standard=StandardContent(
            calendar=calendar,
            targets=TARGETS,
            promise=LocalizedText.of(
                zh="2 小时内答复，3 个工作日内办结；办不了的，告诉您该找谁。",
                en="An answer within 2 hours and the result within 3 working days; if we cannot help, we say who can.",
            ),
            quality_criteria=(
                LocalizedText.of(
                    zh="首次答复即说明由谁办理、何时办完",
                    en="The first answer says who does it and by when",
                ),
                LocalizedText.of(
                    zh="转给别的部门时不让您重复说明",
                    en="You never explain twice when it moves to another department",
                ),
            ),
        ),
        is_catch_all=True,
    )
