"""Working a queue in a real browser: twenty requests without the mouse, commands, views, and every page accessible."""

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.choices import BulkAction
from neike.desk.models import DeskPreference, Leg, SavedView
from tests.make import desk as make
from tests.make.busy import busy_desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/queue/"


def test_commands_of_a_page_are_found_and_run_by_keyboard(open_page):
    it = make.company()
    ticket = it.submit(now=timezone.now(), title="Laptop")
    opened = open_page(ticket.path, person=it.ivan)
    page = opened.page

    page.keyboard.press("Control+k")
    page.locator(".nk-palette button").first.wait_for()
    opened.check()
    page.keyboard.type("accep")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Accept"
    page.keyboard.press("Enter")
    page.get_by_text("Accepted. The work is yours.").wait_for()

    assert make.fresh(ticket.legs.get()).assignee == it.ivan


def test_single_keys_can_be_switched_off(open_page, client_for):
    it = make.company()
    it.submit(now=timezone.now(), title="Laptop")
    page = open_page(QUEUE, person=it.ivan).page

    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="By keyboard")
    dialog.wait_for()
    with page.expect_navigation():
        dialog.get_by_role("button", name="Switch the single keys off").press("Enter")
    page.keyboard.press("j")

    assert not DeskPreference.objects.get(person=it.ivan).shortcuts
    assert page.locator("[data-row][data-current]").count() == 0


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "dark", 360), ("zh-hans", "light", 1280)]
)
def test_every_page_of_a_queue_is_accessible_and_quiet(open_page, language, theme, width):
    it, legs = busy_desk()
    look = {"person": it.ivan, "language": language, "theme": theme, "width": width}
    now = timezone.now()
    view = actions.save_view(
        by=it.ivan, name="Urgent", data={"priority": ["1"]}, department=it.it, now=now
    )
    mine = [leg for leg in legs if leg.supplier_id == it.it.pk][:3]
    run = actions.start_bulk(
        by=it.ivan,
        action=BulkAction.ASSIGN,
        picks=[(leg.pk, leg.version) for leg in mine],
        params={"to": str(it.ines.public_id)},
        now=now,
    )
    actions.run_bulk(run=run, now=now)

    for path in (
        f"{QUEUE}?priority=1&priority=3&assignee=me&q=a&column=service&column=customer",
        reverse("desk:saved_views"),
        reverse("desk:new_view") + "?priority=1",
        reverse("desk:edit_view", args=[view.public_id]),
        reverse("desk:bulk_run", args=[run.public_id]),
    ):
        open_page(path, **look).check()


def test_a_view_is_saved_and_a_choice_of_many_is_asked_for_on_a_phone(open_page):
    it = make.company()
    it.submit(now=timezone.now(), title="Laptop")
    opened = open_page(f"{QUEUE}?state=offered", person=it.ivan, width=360)
    page = opened.page

    page.get_by_text("This view").click()
    page.get_by_role("link", name="Save as a new view").click()
    page.get_by_label("Name").fill("To accept first")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="To accept first").wait_for()
    page.locator("[data-pick]").first.check()
    page.locator("[data-bulk]").get_by_text("More").click()
    page.get_by_role("button", name="Set the priority").click()
    opened.check()
    page.get_by_label("Priority").select_option("1")
    page.get_by_label("Reason").fill("Fire")
    page.get_by_role("button", name="Set the priority").click()
    page.get_by_text("Done for 1 request.").wait_for()

    assert SavedView.objects.get().data == {"state": ["offered"]}
    assert Leg.objects.get().priority == "1"
