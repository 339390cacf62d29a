"""Pages that merge, split, close and open departments, change positions and posts, and show other days."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from neike.kernel.texts import LocalizedText
from neike.org import queries
from neike.org.actions import closing, departments, placements, posts, succession
from neike.org.models import Department, Placement
from tests.make import insights
from tests.make import org as make
from tests.org.agreeing import agree, hidden

pytestmark = pytest.mark.django_db
BY = {"by": None, "now": make.NOW}


@pytest.fixture
def boss():
    return make.administrator("Boss", language="en")


@pytest.fixture
def client(client_for, boss):
    return client_for(boss)


def url(name, *args):
    return reverse(f"org:{name}", args=args)


def text(response):
    return response.content.decode()


def named(words):
    return LocalizedText.of(zh=words, en=words)


def today():
    return queries.organisation_day(timezone.now())


def merging(*gone, into="+", **more):
    return {
        "predecessors": [each.code for each in gone],
        "into": into,
        "day": today().isoformat(),
        **more,
    }


def test_a_merge_is_shown_first_and_then_done(client):
    a, b = make.department("Alpha"), make.department("Beta")
    make.person("Chen", department=a)
    data = merging(a, b, code="AB", name_en="Alphabet", lead="Chen")

    preview = client.post(url("merge_departments"), data)

    shown = text(preview)
    assert preview.status_code == 200
    assert "Nothing is saved yet" in shown
    assert "“Alpha” closes." in shown
    assert "“Alphabet” is founded below nothing: at the top." in shown
    assert "1 person goes from “Alpha” to “Alphabet”." in shown
    assert "Chen leads “Alphabet”." in shown
    assert not Department.objects.filter(code="AB").exists()

    done = client.post(url("merge_departments"), {**data, **hidden(preview)}, follow=True)

    made = Department.objects.get(code="AB")
    assert done.redirect_chain[-1][0] == url("department", made.public_id)
    assert "Alpha, Beta go on in “Alphabet”." in text(done)


def test_links_between_predecessor_and_successor_lead_both_ways(client):
    a, b = make.department("Alpha"), make.department("Beta")
    succession.merge_departments(predecessors=[a], successor=b, on=date(2026, 2, 1), **BY)

    gone = text(client.get(url("department", a.public_id)))
    heir = text(client.get(url("department", b.public_id)))

    assert "Closed since" in gone
    assert url("department", b.public_id) in gone
    assert "took in" in heir
    assert url("department", a.public_id) in heir


def test_what_changed_after_the_preview_is_shown_again_before_anything_is_saved(client):
    a, b = make.department("Alpha"), make.department("Beta")
    data = merging(a, into=b.code)
    preview = client.post(url("merge_departments"), data)
    make.person("Chen", department=a)

    again = client.post(url("merge_departments"), {**data, **hidden(preview)})

    assert again.status_code == 409
    assert "The organisation changed while you looked" in text(again)
    assert "1 person goes from “Alpha” to “Beta”." in text(again)
    assert queries.chart(on=today()).is_active(a.pk)
    assert client.post(url("merge_departments"), {**data, **hidden(again)}).status_code == 302


def test_a_form_opened_before_somebody_else_renamed_is_refused_with_the_new_name(client, boss):
    it = make.department("IT")
    address = url("change_department", it.public_id)
    opened = hidden(client.get(address))
    departments.rename_department(
        department=it, name=named("Digital"), valid_from=date(2026, 1, 1), by=boss, now=make.NOW
    )
    data = {"name_en": "Technology", "valid_from": today().isoformat()}

    refused = client.post(address, {**data, **opened})

    assert refused.status_code == 409
    assert "Boss changed this department meanwhile" in text(refused)
    assert "“Digital”" in text(refused)
    assert queries.chart(on=today()).name(it.pk) == "Digital"


def test_the_preview_counts_requests_and_services_that_stand_with_what_closes(client):
    house = insights.history()

    shown = text(client.post(url("merge_departments"), merging(house.it, into=house.hr.code)))

    # One of the five requests to IT is still open; IT offers one service, which moves.
    assert "1 open request was asked of what closes." in shown
    assert "1 service goes on in the successor" in shown


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("itself", "cannot go on in itself"),
        ("below", "stands below"),
        ("no_code", "needs a code"),
        ("nobody", "required"),
    ],
)
def test_a_merge_that_cannot_be_is_refused_with_words(client, case, words):
    a = make.department("Alpha")
    team = make.department("Team", parent=a)
    data = {
        "itself": merging(a, into=a.code),
        "below": merging(a, into=team.code),
        "no_code": merging(a, name_en="X"),
        "nobody": merging(into=a.code),
    }[case]

    response = client.post(url("merge_departments"), data)

    assert response.status_code == 422
    assert words in text(response)


def splitting(department, **more):
    return {
        "day": today().isoformat(),
        "into_A": "+",
        "code_A": "N",
        "en_A": "North",
        "into_B": "+",
        "code_B": "S",
        "en_B": "South",
        **more,
    }


def test_a_split_is_shown_first_and_then_done(client):
    a = make.department("Alpha")
    chen, li = make.person("Chen", department=a), make.person("Li", department=a)
    data = splitting(a, rest="B", lead_A="Chen")
    data[f"placement_{chen.placements.get().pk}"] = "A"
    address = url("split_department", a.public_id)
    assert client.get(address).status_code == 200

    done = agree(client, address, data)

    assert done.status_code == 302
    north, south = Department.objects.get(code="N"), Department.objects.get(code="S")
    assert queries.department_of(chen, on=today()) == north
    assert queries.department_of(li, on=today()) == south
    assert queries.chart(on=today()).lead(north.pk).name == "Chen"
    page = text(client.get(url("department", a.public_id)))
    assert url("department", north.public_id) in page
    assert "was divided off from" in text(client.get(url("department", south.public_id)))


def test_a_split_with_somebody_assigned_nowhere_names_them(client):
    a = make.department("Alpha")
    chen = make.person("Chen", department=a)
    make.person("Li", department=a)
    data = splitting(a) | {f"placement_{chen.placements.get().pk}": "A"}

    response = client.post(url("split_department", a.public_id), data)

    assert response.status_code == 422
    assert "Assigned nowhere: Li." in text(response)
    assert not Department.objects.filter(code="N").exists()


@pytest.mark.parametrize(("asked", "last"), [("3", "C"), ("9", "F"), ("x", "B"), ("²", "B")])
def test_a_split_has_as_many_parts_as_one_asks_for(client, asked, last):
    a = make.department("Alpha")
    shown = text(client.get(url("split_department", a.public_id) + f"?parts={asked}"))
    assert f'name="into_{last}"' in shown
    assert f'name="into_{chr(ord(last) + 1)}"' not in shown


def test_a_change_planned_ahead_and_one_in_the_past_say_so(client):
    it = make.department("IT")
    address = url("change_department", it.public_id)
    later, before = today() + timedelta(days=40), today() - timedelta(days=40)

    ahead = text(client.post(address, {"name_en": "X", "valid_from": later.isoformat()}))
    back = text(client.post(address, {"name_en": "X", "valid_from": before.isoformat()}))

    assert f"Until {later.isoformat()} everything stays as it is." in ahead
    assert f"{before.isoformat()} lies in the past" in back
    agree(client, address, {"name_en": "X", "valid_from": later.isoformat()})
    assert "planned" in text(client.get(url("department", it.public_id)))


def test_a_move_below_ones_own_team_is_refused_also_when_planned(client):
    a = make.department("Alpha")
    team = make.department("Team")
    departments.move_department(
        department=team, parent=a, valid_from=today() + timedelta(days=20), **BY
    )

    response = client.post(
        url("change_department", a.public_id),
        {"name_en": "Alpha", "parent": team.code, "valid_from": today().isoformat()},
    )

    assert response.status_code == 422
    assert "cannot stand below itself or below one of its own teams" in text(response)


def test_a_day_before_the_department_existed_is_refused(client):
    it = make.department("IT")
    response = client.post(
        url("change_department", it.public_id), {"name_en": "X", "valid_from": "2019-12-31"}
    )
    assert response.status_code == 422
    assert "did not exist yet on 2019-12-31" in text(response)


def test_a_closed_department_opens_again(client):
    it = make.department("IT")
    closing.close_department(department=it, valid_from=date(2026, 1, 1), **BY)
    page = text(client.get(url("department", it.public_id)))
    assert url("reopen_department", it.public_id) in page

    agree(client, url("reopen_department", it.public_id), {"day": today().isoformat()})

    assert queries.chart(on=today()).is_active(it.pk)


def test_the_pages_show_the_organisation_of_another_day(client):
    old = make.department("Oldname")
    make.person("Chen", department=old)
    b = make.department("Beta")
    departments.rename_department(
        department=old, name=named("Newname"), valid_from=date(2026, 1, 1), **BY
    )
    succession.merge_departments(predecessors=[old], successor=b, on=date(2026, 2, 1), **BY)

    then = text(client.get(url("departments") + "?on=2025-12-31"))
    now = text(client.get(url("departments")))
    that_day = client.get(url("department", old.public_id) + "?on=2025-12-31")
    page = text(that_day)

    assert "Oldname" in then
    assert "?on=2025-12-31" in then
    assert "Newname" not in then
    assert "Oldname" not in now
    assert "Chen" in page
    assert that_day.context["on"] == date(2025, 12, 31)
    assert url("change_department", old.public_id) not in page
    assert "does not exist on that day" in text(
        client.get(url("department", old.public_id) + "?on=2019-01-01")
    )


@pytest.mark.parametrize("on", ["x", "0001-01-01", "9999-12-31", "2026-13-40", "%00"])
def test_a_day_that_is_none_shows_today(client, on):
    it = make.department("IT")
    for address in (url("departments"), url("department", it.public_id)):
        response = client.get(address + f"?on={on}")
        assert response.status_code == 200
        assert response.context["is_today"]


def test_a_position_is_renamed_moved_closed_and_opened_again(client):
    a, b = make.department("Alpha"), make.department("Beta")
    post = posts.create_position(code="C", department=a, title=named("Clerk"), **BY)
    address = url("change_position", post.public_id)
    form = client.get(address).context["form"]
    data = {
        "title_zh": "主任",
        "title_en": "Head",
        "department": b.code,
        "day": today().isoformat(),
        "seen": form.initial["seen"],
    }

    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 422
    post.refresh_from_db()
    assert (post.department, post.title.texts["en"]) == (b, "Head")
    client.post(url("close_position", post.public_id), {"day": today().isoformat()})
    assert post.terms.last().valid_to is not None
    client.post(url("reopen_position", post.public_id), {"day": today().isoformat()})
    assert post.terms.last().valid_to is None


def test_somebody_gets_a_concurrent_post_which_becomes_the_primary_one_and_ends(client):
    home, other = make.department("Home"), make.department("Other")
    chen = make.person("Chen", department=home)
    post = posts.create_position(code="C", department=other, title=named("Clerk"), **BY)

    step = client.get(
        url("give_post", chen.public_id), {"department": other.code, "is_concurrent": "on"}
    )
    form = client.get(step.url).context["form"]
    assert form.initial["person"] == chen.employee_no
    assert form.initial["is_concurrent"]
    client.post(
        step.url,
        {
            "person": chen.employee_no,
            "position": post.pk,
            "is_concurrent": "on",
            "valid_from": today().isoformat(),
        },
    )
    second = Placement.objects.get(person=chen, is_primary=False)
    client.post(url("make_primary", chen.public_id, second.pk), {"day": today().isoformat()})
    assert queries.department_of(chen, on=today()) == other
    second.refresh_from_db()
    client.post(
        url("end_post", chen.public_id, second.pk),
        {"day": (today() + timedelta(days=5)).isoformat()},
    )
    second.refresh_from_db()
    assert second.valid_to == today() + timedelta(days=5)
    page = text(client.get(url("person", chen.public_id)))
    assert "Posts over time" in page
    assert " until " in page


def test_a_post_of_somebody_else_is_not_found_there(client):
    chen, li = make.person("Chen"), make.person("Li", department=make.department())
    address = url("end_post", chen.public_id, li.placements.get().pk)
    assert client.get(address).status_code == 404


def test_only_administrators_see_and_open_the_forms(client_for):
    it = make.department("IT")
    chen = make.person("Chen", department=it)
    post = it.positions.get()
    client = client_for(chen)
    for address in (
        url("merge_departments"),
        url("split_department", it.public_id),
        url("reopen_department", it.public_id),
        url("change_position", post.public_id),
        url("close_position", post.public_id),
        url("reopen_position", post.public_id),
        url("give_post", chen.public_id),
        url("make_primary", chen.public_id, chen.placements.get().pk),
        url("end_post", chen.public_id, chen.placements.get().pk),
    ):
        assert client.get(address).status_code == 403
        assert address not in text(client.get(url("department", it.public_id)))


def test_a_department_page_costs_the_same_with_a_long_history(client):
    it = make.department("IT")
    address = url("department", it.public_id)

    def cost():
        client.get(address)
        with CaptureQueriesContext(connection) as made:
            client.get(address)
        return len(made)

    def happen(number, day):
        other = make.department(f"Gone {number}")
        make.person(department=it)
        departments.rename_department(
            department=it, name=named(f"IT {number}"), valid_from=day, **BY
        )
        succession.merge_departments(predecessors=[other], successor=it, on=day, **BY)

    happen(1, date(2026, 1, 1))
    one = cost()
    happen(2, date(2026, 2, 1))
    happen(3, date(2026, 2, 2))
    assert cost() == one


def test_a_persons_page_costs_the_same_with_many_posts(client):
    chen = make.person("Chen")
    address = url("person", chen.public_id)

    def post(day):
        department = make.department()
        made = posts.create_position(
            code=f"C{department.pk}", department=department, title=named("Clerk"), **BY
        )
        placements.place_person(person=chen, position=made, valid_from=day, **BY)

    def cost():
        client.get(address)
        with CaptureQueriesContext(connection) as made:
            client.get(address)
        return len(made)

    post(date(2026, 1, 1))
    one = cost()
    post(date(2026, 2, 1))
    post(date(2026, 2, 5))
    assert cost() == one
