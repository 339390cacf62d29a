"""Pages of departments, calendars and imports."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from neike.org import queries
from neike.org.actions import national_days
from neike.org.choices import ImportState, Role
from neike.org.importing import uploads
from neike.org.models import BusinessCalendar, Department, DirectoryImport, Person, RoleGrant
from tests.make import org as make
from tests.make.background import run_jobs
from tests.org.agreeing import agree

pytestmark = pytest.mark.django_db
CSV = "工号,姓名,部门\n1,陈思远,云岭/信息部\n,无号,云岭\n"


@pytest.fixture
def boss():
    person = make.person("Boss", language="en")
    RoleGrant.objects.create(person=person, role=Role.ADMINISTRATOR, valid_from=make.EPOCH)
    return person


@pytest.fixture
def worker():
    return make.person("Worker", language="en")


def url(name, *args):
    return reverse(f"org:{name}", args=args)


def text(response):
    return response.content.decode()


def test_everybody_sees_the_tree_and_only_administrators_the_buttons(client_for, boss, worker):
    company = make.department("云岭")
    make.department("信息部", parent=company)

    seen = text(client_for(worker).get(url("departments")))
    offered = text(client_for(boss).get(url("departments")))

    assert "信息部" in seen
    assert "<details" in seen
    assert url("add_department") not in seen
    assert url("add_department") in offered


def test_the_tree_costs_the_same_at_any_size(client_for, worker):
    company = make.department()
    client = client_for(worker)

    def cost():
        make.person(department=make.department(parent=company))
        with CaptureQueriesContext(connection) as queries_made:
            client.get(url("departments"))
        return len(queries_made)

    cost()
    assert cost() == cost()


def test_a_department_page_shows_people_posts_and_history(client_for, worker):
    it = make.department("信息部")
    make.person("陈思远", department=it)

    seen = text(client_for(worker).get(url("department", it.public_id)))

    assert "陈思远" in seen
    assert "信息部" in seen
    assert url("change_department", it.public_id) not in seen


@pytest.mark.parametrize("name", ["add_department", "add_calendar", "import"])
def test_changing_pages_are_closed_to_others(client_for, worker, name):
    assert client_for(worker).get(url(name)).status_code == 403


def test_an_unknown_department_is_not_found(client_for, worker):
    address = url("department", "00000000-0000-0000-0000-000000000000")
    assert client_for(worker).get(address).status_code == 404


def test_an_administrator_makes_renames_and_closes_a_department(client_for, boss):
    client = client_for(boss)
    data = {"code": "IT", "kind": "department", "name_zh": "信息部", "valid_from": "2026-01-01"}
    assert client.post(url("add_department"), data).status_code == 302
    it = Department.objects.get(code="IT")

    agree(
        client,
        url("change_department", it.public_id),
        {"name_zh": "数字部", "name_en": "Digital", "valid_from": "2026-03-01"},
    )
    assert queries.chart(on=date(2026, 3, 1)).departments[it.pk].name.texts["en"] == "Digital"

    agree(client, url("close_department", it.public_id), {"day": "2026-05-01"})
    assert not queries.chart(on=date(2026, 5, 1)).is_active(it.pk)


def test_a_refused_change_comes_back_with_its_words(client_for, boss):
    make.department()
    data = {"code": "D1", "kind": "department", "valid_from": "2026-01-01"}

    response = client_for(boss).post(url("add_department"), data)

    assert response.status_code == 422
    assert "Fill in at least one language." in text(response)


def test_somebody_is_named_lead_and_placed(client_for, boss):
    it = make.department()
    chen = make.person("陈思远")
    client = client_for(boss)
    client.post(url("add_position", it.public_id), {"code": "DEV", "title_zh": "工程师"})
    post = it.positions.get()

    placed = client.post(
        url("place", it.public_id),
        {"person": chen.employee_no, "position": post.pk, "valid_from": "2026-01-01"},
    )
    named = client.post(
        url("set_lead", it.public_id),
        {"person": chen.employee_no, "kind": "lead", "valid_from": "2026-01-01"},
    )

    assert (placed.status_code, named.status_code) == (302, 302)
    day = date(2026, 1, 1)
    assert queries.works_for(chen, it, on=day)
    assert queries.leads(chen, it, on=day)


def test_a_calendar_is_made_with_several_intervals_a_day(client_for, boss):
    data = {
        "name_en": "Plant",
        "zone": "Europe/Berlin",
        "hours_0": "22:00–24:00，06:00 - 14:00",
        "hours_1": "00:00-06:00; 09：00至12：00",
    }

    response = client_for(boss).post(url("add_calendar"), data)

    assert response.status_code == 302
    made = BusinessCalendar.objects.get()
    assert [(each.weekday, each.opens, each.closes) for each in made.intervals.all()] == [
        (0, 360, 840),
        (0, 1320, 1440),
        (1, 0, 360),
        (1, 540, 720),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"hours_0": "09:00-12:00", "zone": "Mars/Base"}, "Mars/Base"),
        ({"zone": "UTC"}, "never opens"),
        ({"hours_0": "nine to five", "zone": "UTC"}, "nine to five"),
        ({"hours_0": "09:00-25:00", "zone": "UTC"}, "not a time of day"),
        ({"hours_1": "12:00-09:00", "zone": "UTC"}, "Tuesday"),
        ({"hours_1": "09:00-12:00, 11:00-13:00", "zone": "UTC"}, "overlaps"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_words(client_for, boss, data, words):
    response = client_for(boss).post(url("add_calendar"), {"name_en": "X", **data})

    assert response.status_code == 422
    assert words in text(response)
    assert not BusinessCalendar.objects.exists()


def test_a_year_shows_its_dates_and_whether_it_is_provisional(client_for, worker):
    calendar = make.calendar(country="CN")
    national_days.load_national_days(calendar=calendar, years=[2026, 2027], by=None, now=make.NOW)
    client = client_for(worker)

    known = text(client.get(url("calendar", calendar.public_id) + "?year=2026"))
    open_year = text(client.get(url("calendar", calendar.public_id) + "?year=2027"))

    # 261 weekdays, 19 of them off, and 6 make-up days by the notice for 2026.
    assert "248 working days in 2026" in known
    assert "provisional" not in known
    assert "2027 is provisional" in open_year


@pytest.mark.parametrize("year", ["1", "x", "99999", "-1"])
def test_a_year_that_cannot_be_shown_is_not_found(client_for, worker, year):
    calendar = make.calendar()
    address = url("calendar", calendar.public_id) + f"?year={year}"
    assert client_for(worker).get(address).status_code == 404


def test_an_administrator_loads_and_confirms_a_year_and_removes_a_date(client_for, boss):
    calendar = make.calendar(country="CN")
    client = client_for(boss)

    client.post(url("load_calendar_year", calendar.public_id, 2027))
    assert queries.is_provisional(calendar, date(2027, 1, 1))
    client.post(url("confirm_calendar_year", calendar.public_id, 2027))
    assert not queries.is_provisional(calendar, date(2027, 1, 1))
    first = calendar.exceptions.get(date=date(2027, 1, 1))
    client.post(url("remove_calendar_date", calendar.public_id, first.pk))
    assert not calendar.exceptions.filter(date=date(2027, 1, 1)).exists()
    client.post(
        url("set_calendar_dates", calendar.public_id),
        {"first": "2027-05-01", "last": "2027-05-03", "kind": "closed", "name_en": "Break"},
    )
    assert calendar.exceptions.filter(name__en="Break").count() == 3


def test_every_calendar_page_opens_for_an_administrator(client_for, boss):
    calendar = make.calendar(is_default=True)
    client = client_for(boss)
    for name in ("calendar", "change_calendar", "copy_calendar", "set_calendar_dates"):
        assert client.get(url(name, calendar.public_id)).status_code == 200
    assert client.get(url("calendars")).status_code == 200
    assert client.get(url("add_calendar")).status_code == 200


def test_every_department_form_opens_for_an_administrator(client_for, boss):
    it = make.department()
    make.person(department=it)
    client = client_for(boss)
    for name in (
        "department",
        "change_department",
        "close_department",
        "set_lead",
        "add_position",
        "place",
    ):
        assert client.get(url(name, it.public_id)).status_code == 200


def send(client, data=CSV, name="people.csv"):
    content = data.encode() if isinstance(data, str) else data
    return client.post(url("import"), {"file": SimpleUploadedFile(name, content)})


def chosen(held):
    return {field: str(column) for field, column in held.mapping.items()}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def test_an_import_is_previewed_then_applied_then_forgets_its_file(client_for, boss):
    client = client_for(boss)
    response = send(client)
    held = DirectoryImport.objects.get()
    assert response.url == url("import_show", held.public_id)
    assert "陈思远" in text(client.get(response.url))

    client.post(url("import_columns", held.public_id), chosen(held))
    preview = text(client.get(response.url))
    assert "What would change" in preview
    assert not Person.objects.filter(employee_no="1").exists()

    client.post(url("import_apply", held.public_id))
    held.refresh_from_db()
    assert held.state == ImportState.DONE
    assert not held.file
    assert Person.objects.get(employee_no="1").name == "陈思远"
    assert "What was changed" in text(client.get(response.url))
    rows = text(client.get(url("import_notes", held.public_id)))
    assert rows.startswith("\ufeff")
    assert rows.splitlines()[1].startswith("3,employee number,")


def test_an_import_is_applied_once(client_for, boss):
    client = client_for(boss)
    send(client)
    held = DirectoryImport.objects.get()

    client.post(url("import_apply", held.public_id))
    assert not Person.objects.filter(employee_no="1").exists()
    client.post(url("import_columns", held.public_id), chosen(held))
    client.post(url("import_apply", held.public_id))
    client.post(url("import_apply", held.public_id))
    client.post(url("import_columns", held.public_id), chosen(held))

    held.refresh_from_db()
    assert held.state == ImportState.DONE


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "empty"), (b"PK\x03\x04", "spreadsheet"), (b"\x00\x01" * 50, "no text file")],
)
def test_a_file_that_is_no_table_is_refused_with_words(client_for, boss, data, words):
    response = send(client_for(boss), data)

    assert response.status_code == 422
    assert words in text(response)
    assert not DirectoryImport.objects.exists()


def test_hostile_headers_cells_and_names_are_shown_as_text(client_for, boss):
    evil = "<script>alert(1)</script>"
    data = f"employee no,name,{evil}\n1,{evil},{evil}\n,{evil},x\n"
    client = client_for(boss)
    send(client, data, name="../../<img src=x onerror=alert(1)>\x07.csv")
    held = DirectoryImport.objects.get()
    client.post(url("import_columns", held.public_id), chosen(held))

    for address in (url("import"), url("import_show", held.public_id)):
        page = text(client.get(address))
        assert evil not in page
        assert "<img src=x" not in page
    assert "\x07" not in held.file_name
    assert "/" not in held.file_name


def test_a_mapping_without_numbers_is_refused(client_for, boss):
    client = client_for(boss)
    send(client)
    held = DirectoryImport.objects.get()

    response = client.post(url("import_columns", held.public_id), {"name": "1"})

    assert response.status_code == 422


def test_a_discarded_import_loses_its_file(client_for, boss):
    client = client_for(boss)
    send(client)
    held = DirectoryImport.objects.get()

    client.post(url("import_discard", held.public_id))

    held.refresh_from_db()
    assert (held.state, bool(held.file)) == (ImportState.DISCARDED, False)


def test_nobody_else_sees_an_import(client_for, boss, worker):
    send(client_for(boss))
    held = DirectoryImport.objects.get()
    assert client_for(worker).get(url("import_show", held.public_id)).status_code == 403


def test_a_large_file_is_left_to_a_worker(client_for, boss, monkeypatch):
    monkeypatch.setitem(uploads.AT_ONCE_BYTES, ImportState.PREVIEWING, 10)
    client = client_for(boss)
    send(client)
    held = DirectoryImport.objects.get()
    client.post(url("import_columns", held.public_id), chosen(held))
    held.refresh_from_db()
    assert held.state == ImportState.PREVIEWING
    assert "hx-trigger" in text(client.get(url("import_show", held.public_id)))

    run_jobs(timezone.now())

    held.refresh_from_db()
    assert held.state == ImportState.PREVIEWED


def test_the_quarter_follows_the_settings_of_the_installation():
    with translation.override("en"):
        assert str(queries.quarter_of(date(2026, 8, 1))) == "2026 Q3"
    assert queries.current_quarter(make.NOW).key == "2026-Q1"
