"""What the import's pages say: recognised columns, what is still asked, what is wrong and where."""

import pytest
from django.urls import reverse

from neike.org.choices import ImportState, Role
from neike.org.importing.summary import Found, summary
from neike.org.models import DepartmentLead, DirectoryImport, Person, ReportingLine, RoleGrant
from tests.make import org as make
from tests.org.test_importing_files import LDIF, english, managers, run, upload  # noqa: F401 - english is a fixture

pytestmark = pytest.mark.django_db
BAD = """\
employee no,name,e-mail,department code,department,parent department code,position,manager,main post
1,Ann,ann@x.invalid,D1,House,,Head,,
2,Bo,bo@x.invalid,D2,Sales,D1,Clerk,3,
3,Cy,cy@x.invalid,D2,Sales,D1,Clerk,2,
4,Di,di@x.invalid,D3,North,D4,Clerk,1,
5,Ed,ed@x.invalid,D4,South,D3,Clerk,1,
6,Fay,fay@x.invalid,D2,Sales,D1,Clerk,1,yes
6,Fay,fay@x.invalid,D1,House,,Adviser,1,yes
7,Gil,gil@x.invalid,D2,Sales,D1,Clerk,1,
7,Gil,gil@x.invalid,D2,Ｓａｌｅｓ,D1,Ｃｌｅｒｋ,1,
8,Hal,ann@x.invalid,D2,  Sales ,D1,Clerk,1,
9,Ida,ida@x.invalid,D2,  Sales ,D1,clerk,1,
"""  # noqa: RUF001 - full-width letters are what is tested


@pytest.fixture
def boss():
    person = make.person("Boss", language="en")
    RoleGrant.objects.create(person=person, role=Role.ADMINISTRATOR, valid_from=make.EPOCH)
    return person


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def page(client, held, language="en"):
    client.cookies["neike_language"] = language
    return client.get(reverse("org:import_show", args=[held.public_id])).content.decode()


def posted(held):
    return {name: str(column) for name, column in held.mapping.items()}


def test_recognised_columns_stand_with_their_first_different_values():
    told = summary(
        ("No", "Name", "Phone", ""),
        {"employee_no": 0, "name": 1},
        [("1", "Ann", "5", ""), ("2", "Ann", "", "")],
    )

    assert told.found == (
        Found("employee number", "No", ("1", "2")),
        Found("full name", "Name", ("Ann",)),
    )
    assert (told.posts, told.missing, told.unused) == (False, (), ("Phone",))


def test_a_needed_column_that_no_header_names_is_asked_for(client_for, boss):
    client = client_for(boss)
    upload(client, ("a.csv", "who,Name\n1,Ann\n"))

    shown = page(client, DirectoryImport.objects.get())

    assert "Which columns hold this?" in shown
    alert = shown[shown.index("Which columns hold this?") : shown.index("Not taken over:")]
    assert 'name="employee_no"' in alert
    assert 'name="email"' not in alert


def test_a_file_of_a_directory_without_people_is_left_out_beside_one_with(client_for, boss):
    client = client_for(boss)
    groups = "dn: cn=all,dc=x\nobjectClass: groupOfNames\ncn: all\nmember: uid=ada,dc=x\n"

    upload(client, ("groups.ldif", groups), ("people.ldif", LDIF))

    held = DirectoryImport.objects.get()
    assert held.file_name == "people.ldif"
    assert "groups.ldif" in page(client, held)


def test_files_without_people_alone_are_refused(client_for, boss):
    groups = "dn: cn=all,dc=x\nobjectClass: groupOfNames\ncn: all\n"

    response = upload(client_for(boss), ("a.ldif", groups), ("b.ldif", groups))

    assert response.status_code == 422
    assert "b.ldif: This directory file holds no people." in response.content.decode()


def test_nothing_to_change_offers_nothing_to_apply(client_for, boss):
    text = "employee no,name\n1,Ann\n"
    run(text)
    client = client_for(boss)
    upload(client, ("a.csv", text))
    held = DirectoryImport.objects.get()

    client.post(reverse("org:import_columns", args=[held.public_id]), posted(held))

    held.refresh_from_db()
    shown = page(client, held)
    assert held.state == ImportState.PREVIEWED
    assert "the organisation is as the file says" in shown
    assert reverse("org:import_apply", args=[held.public_id]) not in shown


def test_progress_counts_rows_and_changes_against_what_the_preview_found(client_for, boss):
    client = client_for(boss)
    upload(client, ("a.csv", "employee no,name\n1,Ann\n2,Bo\n"))
    held = DirectoryImport.objects.get()
    client.post(reverse("org:import_columns", args=[held.public_id]), posted(held))
    DirectoryImport.objects.update(state=ImportState.APPLYING, done_rows=3)
    held.refresh_from_db()

    shown = page(client, held)

    assert '<progress class="nk-progress" value="3" max="4"' in " ".join(shown.split())


def test_bad_rows_are_named_and_hold_up_no_other():
    report = run(BAD)

    refused = {each.line: (each.field, each.message) for each in report.notes if each.refused}
    assert {line: field for line, (field, _words) in refused.items()} == {
        6: "parent",
        8: "primary",
        10: "employee_no",
        11: "email",
    }
    assert "South → North → South" in refused[6][1] or "D4 → North → D4" in refused[6][1]
    assert "This address belongs to 1." in refused[11][1]
    assert sorted(Person.objects.values_list("employee_no", flat=True)) == list("1234679")
    assert ReportingLine.objects.count() == 4


def test_the_word_of_people_in_a_circle_makes_nobody_head():
    run(BAD)

    assert not DepartmentLead.objects.filter(department__code="D2").exists()


def test_refused_rows_stand_before_remarks_and_each_in_the_order_of_lines():
    report = run(BAD)

    assert [(each.refused, each.line) for each in report.ordered()] == [
        (True, 6),
        (True, 8),
        (True, 10),
        (True, 11),
        (False, 3),
        (False, 4),
    ]


def test_people_who_change_places_far_apart_in_a_file_are_taken():
    others = [f"{n},P{n}" for n in range(10, 260)]
    header, top = "employee no,name,manager", "1,Top,"
    run("\n".join([header, top, "2,Ann,1", *(f"{each},1" for each in others), "3,Bo,2"]))

    report = run("\n".join([header, top, "2,Ann,3", *(f"{each},2" for each in others), "3,Bo,1"]))

    assert report.notes == []
    assert {("2", "3"), ("3", "1")} <= managers()
