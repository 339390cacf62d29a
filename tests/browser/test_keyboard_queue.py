"""Somebody with a keyboard and nothing else works through twenty requests, each as it needs it."""

import pytest
from django.utils import timezone

from neike.desk.choices import LegState, TaskState, Visibility
from neike.desk.models import Leg, Message, Task
from tests.browser.conftest import OpenPage
from tests.browser.keys import Keys
from tests.make import desk as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINE = "/queue/?view=mine"
STEPS = [
    {
        "key": "desk",
        "kind": "task",
        "checklist": [
            {"source": "en", "en": "Chair", "zh-hans": "椅子"},
            {"source": "en", "en": "Lamp", "zh-hans": "台灯"},
        ],
    }
]
TITLES = ["清单甲", "清单乙", "备注", "交接", "分派", "答复", *(f"其余{n:02}" for n in range(14))]


@pytest.fixture
def it(db):
    """A company whose IT has twenty requests offered, two of them with a checklist."""
    company = make.company(steps=STEPS)
    for title in TITLES:
        service = company.service if title.startswith("清单") else company.it_other
        company.submit(now=timezone.now(), service=service, title=title)
    return company


def go(keys: Keys, opened: OpenPage, key: str) -> None:
    """Press what leads to another page."""
    with keys.page.expect_navigation():
        keys.press(key)
    opened.settle()


def walk_to(keys: Keys, title: str) -> None:
    """Go down the list to a request."""
    for _row in TITLES:
        if keys.page.locator("[data-row][data-current]", has_text=title).count():
            return
        keys.press("j")
    assert keys.page.locator("[data-row][data-current]", has_text=title).count() == 1


def mine(keys: Keys, opened: OpenPage) -> None:
    keys.page.goto(MINE)
    opened.settle()


def send(keys: Keys, text: str) -> None:
    keys.page.keyboard.type(text)
    keys.press("Control+Enter")


def test_twenty_requests_are_handled_each_as_it_needs_it(open_page, it):
    opened = open_page("/queue/?view=offered", person=it.ivan, language="zh-hans")
    keys = Keys(opened.page)

    for _row in TITLES:
        keys.press("j", "x")
    go(keys, opened, "a")
    keys.page.get_by_text("已接收 20 个请求。").wait_for()

    tick_and_resolve(keys, opened, it)
    note_and_hand_over(keys, opened, it)
    assign_and_take_back(keys, opened, it)
    answer_and_resolve(keys, opened)
    deliver_the_rest(keys, opened)

    states = Leg.objects.values_list("state", flat=True)
    assert list(states).count(LegState.DELIVERED) == 20 - 1  # one waits for another department
    assert Leg.objects.exclude(supplier=it.it).get().state == LegState.OFFERED


def tick_and_resolve(keys: Keys, opened: OpenPage, it) -> None:
    for title in ("清单甲", "清单乙"):
        mine(keys, opened)
        walk_to(keys, title)
        go(keys, opened, "e")
        for place in range(2):
            keys.tab_to(f"#tick-0-{place}")
            keys.press("Space")
            keys.page.locator(f"#tick-0-{place}[aria-checked=true]").wait_for()
        keys.tab_to("#do-done-task-0 button, #open-done-task-0")
        keys.press("Enter")
        keys.page.locator("#do-done-task-0, #open-done-task-0").wait_for(state="detached")
        resolve(keys)
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.DONE}


def resolve(keys: Keys) -> None:
    keys.press("d")
    keys.page.get_by_role("dialog").wait_for()
    keys.press("Control+Enter")
    keys.page.get_by_text("已标记为解决").or_(keys.page.get_by_text("已解决")).first.wait_for()


def note_and_hand_over(keys: Keys, opened: OpenPage, it) -> None:
    mine(keys, opened)
    walk_to(keys, "备注")
    go(keys, opened, "n")
    keys.page.locator("#note-body:focus").wait_for()
    send(keys, "钥匙在前台。")
    keys.page.locator(".nk-said", has_text="钥匙在前台。").wait_for()
    assert Message.objects.get().visibility == Visibility.INTERNAL

    mine(keys, opened)
    walk_to(keys, "交接")
    go(keys, opened, "Enter")
    keys.press("h")
    keys.page.locator("[data-panel=hand-over] select:focus").wait_for()
    keys.press("Space", "ArrowDown", "Enter")  # opens the list, goes to its first entry, takes it
    assert keys.page.locator("[data-panel=hand-over] select").input_value()
    keys.tab_to("[data-panel=hand-over] textarea")
    with keys.page.expect_response("**/hand-over/") as answered:
        send(keys, "请核对预算。")
    assert answered.value.status == 200
    opened.settle()


def assign_and_take_back(keys: Keys, opened: OpenPage, it) -> None:
    """Give a request to a colleague, undo it: it is one's own again."""
    mine(keys, opened)
    walk_to(keys, "分派")
    keys.press("m")
    keys.page.locator("[data-bulk-to]:focus").wait_for()
    keys.page.keyboard.type("Ines")
    keys.tab_to("[data-bulk-assign]")
    go(keys, opened, "Enter")
    assert Leg.objects.get(ticket__title="分派").assignee == it.ines
    keys.page.evaluate("document.activeElement.blur()")
    go(keys, opened, "z")
    assert Leg.objects.get(ticket__title="分派").assignee == it.ivan


def answer_and_resolve(keys: Keys, opened: OpenPage) -> None:
    mine(keys, opened)
    walk_to(keys, "答复")
    go(keys, opened, "r")
    keys.page.locator("#reply-body:focus").wait_for()
    send(keys, "已经修好。")
    keys.page.locator(".nk-said", has_text="已经修好。").wait_for()
    keys.page.evaluate("document.activeElement.blur()")
    resolve(keys)


def deliver_the_rest(keys: Keys, opened: OpenPage) -> None:
    mine(keys, opened)
    for _row in range(17):
        keys.press("j")
        if not keys.page.locator("[data-row][data-current]", has_text="交接").count():
            keys.press("x")
    go(keys, opened, "d")
    keys.page.keyboard.type("都办好了。")
    go(keys, opened, "Control+Enter")
    keys.page.get_by_text("16").first.wait_for()
    opened.check()
