"""Relations in the browser: five confirmed from both sides, in either language, on a phone and on a desk, by keys alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.kernel.texts import LocalizedText
from neike.org.models import DepartmentVersion
from neike.relations import actions
from neike.relations.choices import Origin, RelationKind, RelationState
from neike.relations.models import RelationChange, ServiceRelation
from tests.browser.keys import Keys
from tests.make import org
from tests.make import relations as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = [
    ("人力资源部", "Human Resources"),
    ("财务部", "Finance"),
    ("采购部", "Procurement"),
    ("法务与合规部", "Legal and Compliance"),
    ("生产制造一部", "Manufacturing One"),
]


def named(zh, en):
    made = org.department()
    DepartmentVersion.objects.filter(department=made).update(name=LocalizedText.of(zh=zh, en=en))
    return made


@pytest.fixture
def five(transactional_db):
    """IT, proposed as serving five departments; all five led by one person, so that both sides are two people."""
    provider = named("信息技术部", "Information Technology")
    customers = [named(zh, en) for zh, en in NAMES]
    provider_lead, customer_lead = make.lead(provider), make.lead(customers[0])
    for each in customers[1:]:
        make.leads_too(customer_lead, each)
    for customer in customers:
        actions.propose(
            provider=provider,
            customer=customer,
            kind=RelationKind.SUPPORT,
            origin=Origin.OBSERVED,
            by=None,
            now=timezone.now(),
        )
    return provider_lead, customer_lead


@pytest.mark.parametrize(
    ("language", "width", "theme"), [("zh-hans", 360, "light"), ("en", 1280, "dark")]
)
def test_five_relations_are_confirmed_from_both_sides(five, open_page, language, width, theme):
    look = {"language": language, "width": width, "theme": theme}
    for person in five:
        page = open_page(reverse("relations:mine"), person=person, **look)
        page.check()
        yes = page.page.locator("[data-confirm-relation]")
        for left in range(5, 0, -1):
            assert yes.count() == left
            yes.first.click()
            page.page.wait_for_function(
                "(left) => document.querySelectorAll('[data-confirm-relation]').length === left",
                arg=left - 1,
            )
        page.settle()
        page.page.evaluate(
            "scrollTo(0, 0)"
        )  # half under the sticky head, a link would be too small
        page.check()

    states = ServiceRelation.objects.values_list("state", flat=True)
    assert list(states) == [RelationState.CONFIRMED] * 5
    assert RelationChange.objects.filter(kind="confirmed").count() == 10


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 360), ("en", 1280)])
def test_a_relation_is_refused_with_a_reason_of_one_tap(five, open_page, language, width):
    provider_lead, _customer_lead = five
    page = open_page(
        reverse("relations:mine"), person=provider_lead, language=language, width=width
    )

    row = page.page.locator("li[id^='relation-']").first
    row.locator("summary").click()
    page.check()
    row.locator("button[value='not-us']").click()
    page.page.wait_for_function(
        "() => document.querySelectorAll('[data-confirm-relation]').length === 4"
    )
    page.settle()

    [ended] = ServiceRelation.objects.filter(state=RelationState.ENDED)
    assert ended.ended_reason == "Somebody else does this, not we"
    assert page.complaints == []


@pytest.mark.parametrize(
    ("language", "width", "theme"), [("zh-hans", 360, "dark"), ("en", 1280, "light")]
)
def test_every_page_of_relations_is_accessible(five, open_window, language, width, theme):
    provider_lead, _customer_lead = five
    relation = ServiceRelation.objects.first()
    window = open_window(person=provider_lead, language=language, width=width, theme=theme)

    for path in (
        relation.path,
        reverse("relations:new"),
        reverse("relations:new") + "?level=person",
        reverse("relations:new") + "?level=position",
        reverse("relations:department", args=[relation.provider_department.public_id]),
    ):
        window.open(path).check()


def test_a_relation_is_confirmed_and_its_closeness_said_without_scripts(five, open_page):
    provider_lead, _customer_lead = five
    relation = ServiceRelation.objects.first()
    page = open_page(relation.path, person=provider_lead, scripts=False)

    page.page.locator("[data-confirm-side='provider']").click()
    page.page.locator("button[name='closeness'][value='3']").click()

    relation.refresh_from_db()
    assert (relation.state, relation.closeness) == (RelationState.DECLARED, 3)
    assert page.page.url.endswith(relation.path)


def test_a_relation_is_confirmed_and_the_next_one_refused_by_keys_alone(five, open_page):
    provider_lead, _customer_lead = five
    page = open_page(reverse("relations:mine"), person=provider_lead)
    keys = Keys(page.page)

    keys.tab_to("[data-confirm-relation]")
    keys.press("Enter")
    page.page.wait_for_function(
        "() => document.querySelectorAll('[data-confirm-relation]').length === 4"
    )
    page.settle()
    assert keys.is_on("li[id^='relation-'] a")  # the focus stays with the row that was answered
    keys.tab_to("li[id^='relation-'] details summary")
    keys.press("Enter")
    keys.tab_to("input[name='reason']")
    page.page.keyboard.type("We only lend them a printer")
    keys.press("Enter")
    page.page.wait_for_function(
        "() => document.querySelectorAll('[data-confirm-relation]').length === 3"
    )

    reasons = ServiceRelation.objects.exclude(ended_reason="").values_list(
        "ended_reason", flat=True
    )
    assert list(reasons) == ["We only lend them a printer"]


def test_the_relation_page_is_walked_by_keys_and_the_focus_is_always_seen(five, open_page):
    provider_lead, _customer_lead = five
    relation = ServiceRelation.objects.first()

    keys = Keys(open_page(relation.path, person=provider_lead).page)

    assert [stop["html"] for stop in keys.walk() if not stop["seen"]] == []
