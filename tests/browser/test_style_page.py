"""The live style page in a real browser: both languages, both themes, phone and desk."""

import pytest

from tests.make import org

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STYLE = "/ui/style"


def draw_everything(page):
    for box in page.query_selector_all("[data-chart]"):
        box.scroll_into_view_if_needed()
    page.wait_for_function(
        "document.querySelectorAll('[data-chart]:not([data-drawn])').length === 0"
    )


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_style_page_is_accessible_and_quiet(open_page, language, theme, width):
    opened = open_page(STYLE, person=org.person(), language=language, theme=theme, width=width)
    draw_everything(opened.page)

    opened.check()
    assert opened.page.locator("[data-chart] svg").count() == 4


def test_the_checker_sees_what_is_planted(open_page):
    opened = open_page(STYLE, person=org.person(), width=360)

    opened.page.evaluate("""() => {
        const image = document.querySelector("main").appendChild(new Image(900, 10));
        image.style.minWidth = "900px";
        image.src = "/static/neike/icon.svg";
        console.error("planted");
    }""")

    assert any(line.startswith("image-alt") for line in opened.violations())
    assert opened.complaints == ["planted"]
    assert opened.scrolls_sideways()


def test_the_first_page_is_light_and_charts_come_only_where_one_is_seen(open_page):
    opened = open_page(STYLE, person=org.person(), height=500)
    sizes = opened.page.evaluate(
        "performance.getEntriesByType('resource').map((e) => [e.name, e.encodedBodySize])"
    )
    first = sum(size for name, size in sizes if "/charts-" not in name)

    assert first < 300_000  # even uncompressed


def test_the_theme_changes_at_once_and_stays(open_page):
    opened = open_page(STYLE, person=org.person())
    page = opened.page

    page.get_by_text("Theme", exact=True).locator("..").click()
    with page.expect_response("**/ui/theme"):
        page.get_by_role("button", name="Dark").click()

    assert page.evaluate("document.documentElement.dataset.theme") == "neike-dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "neike-dark"


def test_language_and_theme_work_without_scripts(open_page):
    page = open_page(STYLE, person=org.person(), scripts=False).page

    page.get_by_role("button", name="中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.locator("summary", has_text="主题").click()
    page.get_by_role("button", name="深色").click()

    assert page.locator("html").get_attribute("data-theme") == "neike-dark"


def test_a_dialog_opens_and_closes_by_keyboard_and_gives_the_focus_back(open_page):
    page = open_page(STYLE, person=org.person()).page
    opener = page.get_by_role("button", name="Open a dialog")
    dialog = page.get_by_role("dialog", name="Hand this over to Finance?")

    opener.focus()
    page.keyboard.press("Enter")
    assert dialog.is_visible()
    page.keyboard.press("Escape")

    assert not dialog.is_visible()
    assert opener.evaluate("element => element === document.activeElement")


def test_a_menu_is_walked_by_arrows_and_left_by_escape(open_page):
    page = open_page(STYLE, person=org.person()).page
    summary = page.locator("summary.btn", has_text="More")

    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Edit"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == "Delete"
    page.keyboard.press("Escape")

    assert summary.evaluate("element => element === document.activeElement")
    assert not page.get_by_role("link", name="Edit").is_visible()


def test_the_first_tab_stop_leads_to_the_content(open_page):
    page = open_page(STYLE, person=org.person()).page

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_menu_is_a_drawer(open_page, scripts):
    opened = open_page(STYLE, person=org.person(), width=360, scripts=scripts)
    menu = opened.page.locator("#side")

    assert not menu.is_visible()
    opened.page.get_by_role("button", name="Open the menu").click()
    assert menu.is_visible()
    opened.page.get_by_role("button", name="Close the menu").click()

    assert not menu.is_visible()


def test_the_copied_text_is_announced(open_page):
    opened = open_page(STYLE, person=org.person())
    opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    opened.page.get_by_role("button", name="Copy").first.click()

    opened.page.get_by_text("Copied", exact=True).wait_for()
    assert opened.page.evaluate("navigator.clipboard.readText()") == "R-2041"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_error_page_is_accessible(open_page, theme):
    opened = open_page("/no/such/page", person=org.person(), theme=theme, width=360)

    assert opened.violations() == []
    assert not opened.scrolls_sideways()
    assert opened.page.get_by_role("heading", level=1).inner_text() == "There is nothing here"
