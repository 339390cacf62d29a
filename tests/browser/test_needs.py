"""Needs and agreements in a real browser: stated, guessed, compared, signed by both sides, in both languages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from neike.relations import actions
from neike.relations.choices import AgreementState
from neike.relations.models import Agreement, Need, NeedGuess
from tests.make import catalog, relations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [
    ("en", "light", 1280),
    ("zh-hans", "dark", 360),
    ("zh-hans", "light", 1280),
    ("en", "dark", 360),
]
WORDS = {
    "en": {
        "need": "We need the figures on the third working day to close the books.",
        "dimension": "timeliness",
        "state": "State this need",
        "guess": "Guess and see",
        "gap": "Talk to one another",
        "sign": "Sign for",
        "yes": "Yes, sign",
        "propose": "Propose to both sides",
        "in_force": "in force",
    },
    "zh-hans": {
        "need": "每月第三个工作日前拿到数据，我们才能按时结账。",
        "dimension": "及时性",
        "state": "写下这项需求",
        "guess": "提交猜测并查看",
        "gap": "双方谈一谈",
        "sign": "代表",
        "yes": "确认签署",
        "propose": "提请双方签署",
        "in_force": "生效中",
    },
}


@pytest.fixture
def ends():
    return relations.two_ends()


@pytest.fixture
def relation(ends):
    return relations.confirmed(ends, now=timezone.now() - timedelta(days=1))


def choose(page, name, step):
    page.locator(f"label:has(input[name={name}][value='{step}'])").click()


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_a_need_is_stated_guessed_and_compared(open_page, ends, relation, language, theme, width):
    look = {"language": language, "theme": theme, "width": width}
    words = WORDS[language]
    opened = open_page(f"{relation.path}needs/new/", person=ends.customer_member, **look)
    opened.check()
    opened.page.locator("textarea").fill(words["need"])
    opened.page.get_by_text(words["dimension"], exact=True).click()
    choose(opened.page, "importance", 5)
    choose(opened.page, "expected", 4)
    opened.page.get_by_role("button", name=words["state"]).click()
    opened.page.get_by_text(words["need"]).wait_for()
    opened.settle()
    opened.check()
    need = Need.objects.get()
    actions.review_need(need=need, by=ends.customer_lead, perceived=4, now=timezone.now())

    served = open_page(f"{relation.path}needs/", person=ends.provider_member, **look)
    served.check()
    assert served.page.locator(".expected").count() == 1  # the legend's
    served.page.locator("a[href$='/guess/']").click()
    choose(served.page, "expected", 2)
    choose(served.page, "importance", 3)
    served.settle()
    served.check()
    served.page.get_by_role("button", name=words["guess"]).click()
    served.page.get_by_text(words["gap"]).first.wait_for()
    served.settle()

    served.check()
    assert NeedGuess.objects.get().expected == 2
    assert served.page.get_by_text("−2.0").count() == 1
    after = open_page(f"{relation.path}needs/", person=ends.provider_member, **look)
    after.check()
    assert after.page.get_by_text(words["gap"]).count() == 1


def test_a_need_is_stated_by_keyboard_alone(open_page, ends, relation):
    opened = open_page(f"{relation.path}needs/new/", person=ends.customer_member)
    keys = opened.page.keyboard

    opened.page.locator("textarea").focus()
    keys.type("Answer us within the day")
    keys.press("Tab")
    keys.press("Space")
    for _scale in ("importance", "expected"):
        keys.press("Tab")
        keys.press("Space")
        keys.press("ArrowRight")
        keys.press("ArrowRight")
    keys.press("Enter")
    opened.page.get_by_text("Answer us within the day").wait_for()

    said = Need.objects.get().versions.get()
    assert (said.importance, said.expected) == (3, 3)


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_an_agreement_is_proposed_and_signed_by_both_sides(
    open_page, ends, relation, language, theme, width
):
    look = {"language": language, "theme": theme, "width": width}
    words = WORDS[language]
    catalog.service(ends.provider)
    opened = open_page(f"{relation.path}agreements/new/", person=ends.provider_lead, **look)
    opened.check()
    opened.page.locator("input[name=service]").first.check()
    opened.page.get_by_role("button", name=words["propose"]).click()
    opened.page.locator("#signatures").wait_for()
    opened.settle()
    opened.check()

    agreement = Agreement.objects.get()
    for person in (ends.provider_lead, ends.customer_lead):
        page = open_page(agreement.path, person=person, **look)
        card = page.page.locator("#signatures")
        card.locator("summary").click()
        page.check()
        card.get_by_role("button", name=words["yes"]).click()
        page.page.locator("#toasts").get_by_text("2", exact=False).or_(
            page.page.locator("#signatures .text-success").first
        ).first.wait_for()
        page.settle()

    page.check()
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.IN_FORCE
    assert page.page.get_by_text(words["in_force"]).first.is_visible()
    for path in (
        f"{agreement.path}print/",
        f"{relation.path}agreements/",
        f"/relations/departments/{ends.provider.public_id}/agreements/",
    ):
        open_page(path, person=ends.customer_member, **look).check()


def test_signing_needs_only_the_keyboard_and_no_script(open_page, ends, relation):
    agreement = relations.agreement(ends, relation)
    opened = open_page(agreement.path, person=ends.customer_lead, scripts=False)

    opened.page.locator("#signatures summary").focus()
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")
    opened.page.locator("#signatures .text-success").wait_for()

    agreement.refresh_from_db()
    assert agreement.customer_signed_by == ends.customer_lead
