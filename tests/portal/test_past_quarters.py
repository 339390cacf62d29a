"""A quarter that is over is shown with the organisation of that time, whatever was done to it since."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.actions import departments, succession
from tests.make import insights as make
from tests.make import org

pytestmark = pytest.mark.django_db
BY = {"by": None, "now": org.NOW}


def named(text):
    return LocalizedText.of(zh=text, en=text)


@pytest.fixture
def house():
    """IT worked in the first quarter of 2026, was renamed in the second and merged into Finance in it."""
    house_ = make.history()
    departments.rename_department(
        department=house_.it, name=named("Digital"), valid_from=date(2026, 4, 15), **BY
    )
    departments.move_department(
        department=house_.hr, parent=house_.sales, valid_from=date(2026, 4, 20), **BY
    )
    succession.merge_departments(
        predecessors=[house_.it],
        successor=succession.Founding("NEW", named("Services")),
        on=date(2026, 5, 1),
        **BY,
    )
    return house_


def pages(house, period):
    it = house.it.public_id
    return {
        "overview": f"{reverse('portal:loops')}?period={period}",
        "loop": f"{reverse('portal:loop', args=[it])}?period={period}",
        "list": f"{reverse('insights:list')}?what=asked&supplier={it}&period={period}",
        "ratings": f"{reverse('surveys:ratings', args=[it])}?period={period}",
    }


@pytest.mark.parametrize("name", ["overview", "loop", "list", "ratings"])
def test_a_department_has_its_old_name_in_a_quarter_before_it_was_renamed(house, client_for, name):
    client = client_for(house.fang)
    client.cookies["neike_language"] = "en"

    page = client.get(pages(house, "2026-Q1")[name])

    assert page.status_code == 200
    main = page.text.split("<main", 1)[1]
    assert "IT" in main
    assert "Digital" not in main
    assert "Services</" not in main


@pytest.mark.parametrize("name", ["loop", "list", "ratings"])
def test_it_has_its_last_name_in_the_quarter_in_which_it_closed(house, client_for, name):
    client = client_for(house.fang)
    client.cookies["neike_language"] = "en"

    page = client.get(pages(house, "2026-Q2")[name])

    assert page.status_code == 200
    assert "Digital" in page.text.split("<main", 1)[1]


def test_what_was_founded_later_is_absent_from_the_overview_and_not_found_in_the_quarter(
    house, client_for
):
    client = client_for(house.fang)
    new = next(
        each for each in org_queries.chart(on=date(2026, 5, 1)) if each.code == "NEW"
    ).public_id

    overview = client.get(pages(house, "2026-Q1")["overview"])
    then = client.get(reverse("portal:loop", args=[new]) + "?period=2026-Q1")
    today = client.get(reverse("portal:loop", args=[new]))

    assert str(new) not in overview.text
    assert then.status_code == 404
    # Without a quarter the page shows the running one, in which the department is there.
    assert today.status_code == 200
    assert today.context["period"] == org_queries.current_quarter(timezone.now())


def test_the_subtree_of_a_past_day_is_that_days(house):
    before, after = (org_queries.chart(on=date(2026, month, 30)) for month in (3, 4))

    assert house.hr.pk not in before.subtree(house.sales.pk)
    assert house.hr.pk in after.subtree(house.sales.pk)


def test_a_department_that_was_closed_is_found_with_its_last_quarter(
    house, client_for, monkeypatch
):
    """From the list of ratings, and from the overview of the quarter in which it closed."""
    later = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: later)
    client = client_for(house.fang)

    home = client.get(reverse("surveys:home"))

    closed = {each.public_id: quarter.key for each, quarter in home.context["closed"]}
    assert closed == {house.it.public_id: "2026-Q2"}
    address = f"{reverse('surveys:ratings', args=[house.it.public_id])}?period=2026-Q2"
    assert address in home.text
    assert client.get(address).status_code == 200
    for period, there in (("2026-Q1", True), ("2026-Q2", True), ("2026-Q3", False)):
        rows = client.get(f"{reverse('portal:loops')}?period={period}").context["rows"]
        assert (house.it.public_id in {row["department"].public_id for row in rows}) is there
