"""The way of an approval in a real browser: asked, approved from the cards, a checklist ticked by keyboard."""

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.choices import TaskState, TicketState
from neike.desk.models import Ticket
from tests.make import desk as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "en": {"approve": "Approve", "none": "Nothing waits for your approval", "done": "Task done"},
    "zh-hans": {"approve": "同意", "none": "没有等待您审批的事项", "done": "任务完成"},
}
WAYS = [("en", "light", 1280), ("zh-hans", "dark", 360)]
STEPS = [
    {"key": "head", "kind": "approval", "approvers": [{"by": "manager"}]},
    {
        "key": "desk",
        "kind": "task",
        "after": ["head"],
        "checklist": [{"source": "en", "en": "Chair", "zh-hans": "椅子"}],
    },
]


@pytest.mark.parametrize(("language", "theme", "width"), WAYS)
def test_an_approval_is_given_from_the_cards_and_a_checklist_ticked_by_keyboard(
    open_page, db, language, theme, width
):
    it = make.company(minutes={**make.TARGETS, "approval": 240}, steps=STEPS)
    look = {"language": language, "theme": theme, "width": width}
    opened = open_page(reverse("desk:new", args=[it.service.key]), person=it.anna, **look)
    opened.page.get_by_text("Hu", exact=True).wait_for()
    opened.check()
    ticket = it.submit(now=timezone.now())
    words = WORDS[language]

    opened = open_page(reverse("desk:approvals"), person=it.hr_head, **look)
    opened.check()
    opened.page.get_by_role("button", name=words["approve"], exact=True).focus()
    opened.page.keyboard.press("Enter")
    opened.page.get_by_text(words["none"]).wait_for()
    opened.check()
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.SUBMITTED

    opened = open_page(ticket.path, person=it.ivan, **look)
    opened.check()
    box = opened.page.get_by_role("checkbox")
    box.focus()
    opened.page.keyboard.press("Space")
    opened.page.locator("[role=checkbox][aria-checked=true]").wait_for()
    opened.page.get_by_role("button", name=words["done"]).click()
    opened.page.locator("#done-task-0, #do-done-task-0").wait_for(state="detached")
    assert ticket.tasks.get().state == TaskState.DONE


@pytest.mark.parametrize(("language", "theme", "width"), WAYS)
def test_the_page_behind_the_mailed_link_can_be_used_by_everybody(
    open_page, db, language, theme, width
):
    it = make.company(steps=STEPS)
    ticket = it.submit(now=timezone.now())
    token = actions.make_link(
        approval=ticket.approvals.get(), person=it.hr_head, now=timezone.now()
    )

    opened = open_page(
        reverse("desk:approval_link", args=[token]),
        person=it.hr_head,
        language=language,
        theme=theme,
        width=width,
    )

    opened.check()
    assert token not in opened.page.url
    opened.page.get_by_role("button", name=WORDS[language]["approve"], exact=True).click()
    opened.settle()
    opened.check()
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.SUBMITTED


def test_leads_keep_checklists_on_a_page(open_page, db):
    it = make.company()

    open_page(reverse("desk:checklists"), person=it.it_head, language="en", width=360).check()
