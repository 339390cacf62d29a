"""The map in a real browser: both languages, a phone and a desktop, by keyboard, and as a picture."""

import pytest
from django.urls import reverse

from neike.insights.models import ObservedEdge
from neike.org import queries as org_queries
from neike.org.choices import Role
from neike.relations import actions as relation_actions
from neike.relations.choices import RelationKind
from neike.relations.models import ServiceRelation
from tests.make import maps as make
from tests.make import org, relations
from tests.make.org import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("en", "light", 1280), ("zh-hans", "dark", 360)]
PERIOD = {"period": "2026-Q1"}


@pytest.fixture
def head():
    """Who leads a house of five departments with aligned, hidden, paper and seen edges."""
    root = org.department("House")
    it, hr, sales, law, ops = (
        org.department(name, parent=root) for name in ("IT", "人力资源部", "Sales", "Law", "Ops")
    )
    lead = relations.lead(root)
    org.grant(lead, Role.QUALITY_OFFICER)
    for customer in (hr, law):
        relation_actions.declare(
            provider=it, customer=customer, kind=RelationKind.SUPPORT, by=lead, now=NOW
        )
    make.seen(it, hr, 40)
    make.seen(ops, sales, 30)
    make.seen(hr, sales, 3)
    make.counted()
    return lead


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_every_page_of_the_map_is_sound(open_window, head, language, theme, width):
    window = open_window(person=head, language=language, theme=theme, width=width)
    it = next(each for each in org_queries.chart(on=NOW.date()) if str(each.name) == "IT")
    for name, conditions in (
        ("map", {}),
        ("map", {"focus": it.public_id, "measure": "kept"}),
        ("map", {"state": "paper", "kind": "next_step"}),
        ("map_matrix", {}),
        ("map_matrix", {"measure": "gap"}),
        ("map_compare", {}),
    ):
        opened = window.open(reverse(f"insights:{name}", query={**PERIOD, **conditions}))
        opened.check()
        opened.page.close()


def test_a_phone_shows_the_drawing_before_the_list(open_page, head):
    page = open_page(reverse("insights:map", query=PERIOD), person=head, width=360).page

    listed, drawn = (page.locator(each).bounding_box() for each in (".nk-map-list", ".nk-chart"))

    assert drawn["y"] < listed["y"]


def test_the_drawing_has_a_line_for_every_edge_and_a_name_for_every_department(open_page, head):
    page = open_page(reverse("insights:map", query=PERIOD), person=head).page

    words = page.locator(".nk-chart svg text").all_text_contents()

    assert set(words) >= {"IT", "人力资源部", "Sales", "Law", "Ops"}


def test_a_hidden_edge_is_proposed_by_keyboard_alone(open_page, head):
    opened = open_page(reverse("insights:map_compare", query=PERIOD), person=head)
    button = opened.page.get_by_role("button", name="Propose to both")

    button.focus()
    opened.page.keyboard.press("Enter")
    opened.page.get_by_text("proposed, waits for both sides").wait_for()

    opened.settle()
    opened.check()
    assert ServiceRelation.objects.filter(origin="observed").count() == 1


def test_the_map_is_saved_as_a_picture(open_page, head):
    opened = open_page(reverse("insights:map", query=PERIOD), person=head)

    with opened.page.expect_download() as saved:
        opened.page.get_by_role("link", name="PNG").click()

    with open(saved.value.path(), "rb") as picture:  # noqa: PTH123 - the browser's own file
        assert picture.read(8) == b"\x89PNG\r\n\x1a\n"
    assert opened.complaints == []


@pytest.fixture
def crowd():
    """Who sees a house of 27 departments, all of whom work for each other: too many lines for a small drawing."""
    departments = [org.department(f"D{number:02}") for number in range(27)]
    ObservedEdge.objects.bulk_create(
        ObservedEdge(
            quarter_start=make.Q1,
            quarters=quarters,
            supplier=one,
            customer=other,
            legs=5 + one.pk % 7,
            tickets=5,
            supplier_people=4,
            customer_people=4,
            handovers=0,
        )
        for one in departments
        for other in departments
        if one != other
        for quarters in (1, 2)
    )
    make.counted()
    return org.person("Ann")


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_a_crowded_map_is_painted_and_sound(open_page, crowd, language, theme, width):
    opened = open_page(
        reverse("insights:map", query=PERIOD),
        person=crowd,
        language=language,
        theme=theme,
        width=width,
    )

    opened.page.wait_for_selector("[data-refined]", state="attached")

    opened.check()
    assert opened.page.evaluate(_PAINTED) > 0.05


_PAINTED = """() => {
  const canvas = document.querySelector(".nk-dense-canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0;
  for (let place = 3; place < data.length; place += 4) painted += data[place] > 0;
  return painted / (data.length / 4);
}"""


def test_in_a_crowded_map_a_department_is_named_and_opens_its_chain(open_page, crowd):
    opened = open_page(reverse("insights:map", query=PERIOD), person=crowd)
    page = opened.page
    page.wait_for_selector("[data-refined]", state="attached")
    x, y = page.evaluate(_FIRST_NODE)
    canvas = page.locator(".nk-dense-canvas")

    canvas.hover(position={"x": x, "y": y})
    page.wait_for_selector(".nk-dense-tip:not([hidden])")
    named = page.locator(".nk-dense-tip").text_content()
    canvas.click(position={"x": x, "y": y})
    page.wait_for_url("**focus=**")

    assert page.get_by_role("heading", name=f"Chain of {named}").is_visible()
    assert opened.complaints == []


_FIRST_NODE = """() => {
  const box = document.querySelector("[data-dense]");
  const { nodes } = JSON.parse(document.getElementById(box.dataset.dense).textContent);
  return [(0.07 + nodes.x[0] * 0.86) * box.clientWidth, (0.05 + nodes.y[0] * 0.87) * box.clientHeight];
}"""
