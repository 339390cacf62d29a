"""Taking the organisation over from spreadsheets, directories, packed files and several files together."""

import base64
import gzip
import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from neike.org import queries
from neike.org.choices import Role
from neike.org.importing import columns, reading, xlsx_file
from neike.org.importing.errors import BadFileError
from neike.org.importing.matching import plain_dn
from neike.org.importing.running import run_import
from neike.org.importing.sources import Source
from neike.org.models import (
    Department,
    DirectoryImport,
    Person,
    Placement,
    ReportingLine,
    RoleGrant,
)
from tests.make import org as make

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PHOTO = base64.b64encode(b"\xff\xd8\xff\xe0 no picture").decode()
SECRET = "correct-horse-battery"
LDIF = f"""\
version: 1
# people of a made-up company
#  , a comment may be
 folded too

dn: dc=example,dc=org
objectClass: domain
aci: (target="ldap:///dc=example")(version 3.0;acl "x";allow (all) userdn="ldap:///anyone";)

dn: ou=People,dc=example,dc=org
objectClass: organizationalUnit
ou: People

dn: uid=ada, ou=People, dc=example, dc=org
objectClass: inetOrgPerson
uid: ada
cn: Ada
  Lovely
cn: A. Lovely
ou: Engines
ou: People
mail: Ada@example.org
userPassword: {SECRET}
jpegPhoto:: {PHOTO}
manager: UID=grace,OU=people,dc=example,dc=org

dn: cn=Grace Harbour+sn=Harbour,ou=People,dc=example,dc=org
objectClass: inetOrgPerson
uid: grace2
cn: Grace Harbour
ou: Engines
mail: g2@example.org
manager: uid=ada,ou=People,dc=example,dc=org

dn: uid=grace,ou=People,dc=example,dc=org
objectClass: person
uid: grace
cn:: {base64.b64encode("林雅".encode()).decode()}
ou: People
ou: Leitung
userPassword:: {base64.b64encode(SECRET.encode()).decode()}
mail: grace@example.org

dn: cn=crew,ou=Groups,dc=example,dc=org
objectClass: groupOfNames
cn: crew
member: uid=ada,ou=People,dc=example,dc=org
"""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


@pytest.fixture
def boss():
    person = make.person("Boss", language="en")
    RoleGrant.objects.create(person=person, role=Role.ADMINISTRATOR, valid_from=make.EPOCH)
    return person


def source(data, name="", sheet=""):
    file = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    layout = reading.sniff(file, sheet=sheet)
    return Source(file, layout, columns.guess(layout.headers, layout.gaps), name)


def run(*files, now=NOW, apply=True, **options):
    """Import files, each (name, content) or content."""
    sources = [
        source(*reversed(each)) if isinstance(each, tuple) else source(each) for each in files
    ]
    return run_import(sources, by=None, now=now, apply=apply, **options)


def counts(report):
    return {str(kind): count for kind, count in report.counts.items() if count}


def sheet(rows, *, merge=(), more=(), title="People"):
    book = openpyxl.Workbook()
    first = book.active
    first.title = title
    for row in rows:
        first.append(row)
    for area in merge:
        first.merge_cells(area)
    for name, content in more:
        other = book.create_sheet(name)
        for row in content:
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def managers(on=TODAY):
    rows = ReportingLine.objects.filter(valid_from__lte=on, valid_to__isnull=True)
    return set(rows.values_list("person__employee_no", "manager__employee_no"))


# Directories


def test_a_directory_brings_people_departments_and_reporting_lines():
    report = run(LDIF)

    assert (report.rows, report.taken, report.refused) == (3, 3, 0)
    people = dict(Person.objects.values_list("employee_no", "name"))
    assert people == {"ada": "Ada Lovely", "grace2": "Grace Harbour", "grace": "林雅"}
    assert managers() == {("ada", "grace"), ("grace2", "ada")}
    chart = queries.chart(on=TODAY)
    ada = Person.objects.get(employee_no="ada")
    assert chart.path(queries.department_of(ada, on=TODAY).pk) == ("Engines",)
    assert sorted(str(each.name) for each in chart) == ["Engines", "Leitung"]
    assert [each.message for each in report.notes] == [
        "Left out of the directory: groups: 1, other entries: 2."
    ]


def test_a_second_run_of_a_directory_changes_nothing():
    run(LDIF)

    report = run(LDIF)

    assert (counts(report), report.unchanged) == ({}, 3)


def test_passwords_pictures_and_access_rules_are_never_read(capsys):
    file = source(LDIF)
    assert not {"userpassword", "jpegphoto", "aci"} & {each.lower() for each in file.layout.headers}
    cells = [cell for each in reading.records(file.file, file.layout) for cell in each.cells]

    report = run(LDIF)

    told = " ".join((*cells, str(report.as_json()), *capsys.readouterr()))
    assert SECRET not in told
    assert base64.b64encode(SECRET.encode()).decode() not in told
    assert PHOTO not in told
    assert all(not each.has_usable_password() for each in Person.objects.all())


def test_names_of_a_directory_are_compared_without_blanks_case_and_order():
    assert plain_dn("CN=Amy  Wong + SN=Kroker, OU=People") == plain_dn(
        "sn=kroker+cn=amy wong,ou=people"
    )
    assert plain_dn(r"cn=Harbour\, Grace,dc=org") == plain_dn(r"CN=harbour\2C grace, DC=org")
    assert plain_dn(r"cn=a\,dc=org") != plain_dn("cn=a,dc=org")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dn: uid=a,dc=x\nchangetype: add\nobjectClass: person\n", "Line 2.*changetype"),
        ("version: 1\nuid: a\n", "must begin with"),
        ("dn: uid=a\nobjectClass: person\nno colon here\n", "Line 3"),
        ("dn: uid=a\nobjectClass: person\nuid:: %%%\n", "Line 3"),
        ("dn: cn=g\nobjectClass: groupOfNames\n", "no people"),
    ],
)
def test_a_directory_file_that_cannot_be_taken_is_refused_by_its_line(text, words):
    with pytest.raises(BadFileError, match=words):
        run(text)


def test_a_value_given_by_an_address_is_never_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("do not read")
    text = (
        f"dn: uid=a,dc=x\nobjectClass: person\nuid: a\ncn:< file://{secret}\nmail: a@example.org\n"
    )

    assert source(text).layout.headers == ("dn", "uid", "mail")


# Spreadsheets


def test_a_workbook_is_read_with_its_dates_and_numbers():
    report = run(
        sheet(
            [
                ["工号", "姓名", "部门", "入职日期", "备注"],
                [1, "王总", "云岭", datetime(2019, 1, 1), "=1+1"],  # noqa: DTZ001 - cells have no zone
                [2.0, "李娜", "云岭", date(2020, 5, 6), None],
            ]
        )
    )

    assert (report.rows, report.taken) == (2, 2)
    begins = dict(Placement.objects.values_list("person__employee_no", "valid_from"))
    assert begins == {"1": date(2019, 1, 1), "2": date(2020, 5, 6)}


def test_the_value_of_a_merged_area_belongs_to_its_first_cell_alone():
    data = sheet(
        [["工号", "姓名", "部门"], ["1", "王总", "云岭"], ["2", "李娜", None], ["3", None, "云岭"]],
        merge=["C2:C3", "A4:B4"],
    )

    report = run(data)

    assert (report.taken, report.refused) == (2, 1)
    told = {(each.line, each.field, each.refused): each.message for each in report.notes}
    assert sorted(told) == [(3, "department", False), (4, "name", True)]
    assert "C2:C3" in told[3, "department", False]
    assert "first cell, C2" in told[3, "department", False]
    assert queries.department_of(Person.objects.get(employee_no="2"), on=TODAY) is None


def test_the_sheet_that_looks_like_a_list_is_taken_unless_another_is_named():
    data = sheet(
        [["Notes"], ["x"]],
        title="Cover",
        more=[
            ("Staff", [["Employee no", "Name"], ["1", "Ann"]]),
            ("Old", [["Employee no", "Name"], ["2", "Bob"]]),
        ],
    )

    assert source(data).layout.sheet == "Staff"
    assert source(data, sheet="Old").layout.sheet == "Old"
    with pytest.raises(BadFileError, match="no sheet “None”"):
        source(data, sheet="None")


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _each in range(101):
                part.write(b" " * (1 << 20))
    return out.getvalue()


def with_entity():
    data = io.BytesIO(sheet([["Employee no", "Name"], ["1", "Ann"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/workbook.xml":
                head, sign, rest = text.rpartition(b"?>")
                text = head + sign + b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///x">]>' + rest
            new.writestr(part.filename, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bomb, "more than 100 MB"),
        (with_entity, "cannot be read"),
        (lambda: sheet([["Employee no", "Name"]])[:-200], "cannot be read"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"x" * 100, "old spreadsheet"),
    ],
)
def test_a_hostile_or_damaged_workbook_is_refused_with_words(data, words):
    with pytest.raises(BadFileError, match=words):
        run(data())


def test_the_reader_of_workbooks_parses_by_the_library_that_refuses_entities():
    assert openpyxl.DEFUSEDXML
    assert not openpyxl.LXML


def test_two_far_cells_do_not_fill_the_memory():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "Employee no", "Name"
    book.active["A2"], book.active["B2"] = "1", "Ann"
    book.active["XFD1048576"] = "far"
    out = io.BytesIO()
    book.save(out)

    report = run(out.getvalue())

    assert (report.rows, report.taken) == (1, 1)


def test_a_sheet_with_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_file, "MAX_ROWS", 2)
    with pytest.raises(BadFileError, match="more than 2 rows"):
        run(sheet([["Employee no", "Name"], *([str(n), "Ann"] for n in range(3))]))


# Packed


def test_a_packed_file_is_read_like_the_plain_one():
    assert run(gzip.compress(b"employee no,name\n1,Ann\n")).taken == 1
    assert run(gzip.compress(LDIF.encode())).taken == 3


def test_a_packed_file_may_not_unpack_to_too_much_or_be_damaged():
    with pytest.raises(BadFileError, match="at most 1 MB"):
        reading.sniff(io.BytesIO(gzip.compress(b"a,b\n" * (1 << 19))), limit=1 << 20)
    with pytest.raises(BadFileError, match="damaged"):
        run(gzip.compress(b"employee no,name\n" * 100)[:-10])


# Several files, names that are the same, several posts


def test_of_two_files_that_disagree_the_later_holds_and_says_so():
    first = (
        "hr.csv",
        "employee no,name,email,department\n1,Ann,ann@example.com,Sales\n2,Bob,,Sales\n",
    )
    second = ("it.csv", "employee no,name,email,department\n1,Ann,,Finance\n")

    report = run(first, second)

    assert (report.rows, report.taken, report.refused) == (3, 3, 0)
    ann = Person.objects.get(employee_no="1")
    assert ann.email == "ann@example.com"
    assert str(queries.chart(on=TODAY).name(queries.department_of(ann, on=TODAY).pk)) == "Finance"
    [note] = report.notes
    assert (note.file, note.line, note.field, note.value, note.refused) == (
        "it.csv", 2, "department", "Finance", False,
    )  # fmt: skip
    assert note.message == "“hr.csv”, line 2, says “Sales”. The later file holds."
    assert run(first, second).changes == 0


def test_blanks_case_and_full_width_letters_make_no_difference():
    run("employee no,name,department\nA01,Ann  Lee,IT Support\n")

    report = run("employee no,name,department\nＡ０１,ann lee,ＩＴ　support\n")  # noqa: RUF001 - the point of it

    assert counts(report) == {}
    assert Person.objects.get().name == "Ann  Lee"
    assert Department.objects.count() == 1


def test_a_second_row_of_a_person_is_a_concurrent_post():
    text = "employee no,name,department,position\n1,Ann,Sales,Head\n1,Ann,Board,Member\n"

    report = run(text)

    assert report.refused == 0
    held = Placement.objects.filter(person__employee_no="1").order_by("pk")
    assert [(str(each.position), each.is_primary) for each in held] == [
        ("Head", True),
        ("Member", False),
    ]
    assert run(text).changes == 0


def test_two_main_posts_of_one_person_are_refused():
    report = run(
        "employee no,name,department,primary\n1,Ann,Board,no\n1,Ann,Sales,yes\n1,Ann,Finance,yes\n1,Bob,HR,no\n"
    )

    assert [(each.line, each.field) for each in report.notes] == [(4, "primary"), (5, "name")]
    held = Placement.objects.order_by("pk").values_list("department__versions__name", "is_primary")
    assert [(str(name), primary) for name, primary in held] == [("Board", False), ("Sales", True)]


def test_a_concurrent_post_ends_only_when_asked():
    run("employee no,name,department\n1,Ann,Sales\n1,Ann,Board\n")
    fewer = "employee no,name,department\n1,Ann,Sales\n"
    later = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)

    assert counts(run(fewer, now=later)) == {}
    assert counts(run(fewer, now=later, end_missing=True)) == {"placement_ended": 1}

    assert Placement.objects.get(is_primary=False).valid_to == date(2026, 6, 1)


# Reporting lines

LINES = "employee no,name,email,manager\n1,Ann,ann@example.com,\n2,Bob,,ANN@example.com\n3,Cy,,2\n"


def test_a_manager_column_makes_reporting_lines_and_a_change_keeps_the_old_one():
    run(LINES)
    assert managers() == {("2", "1"), ("3", "2")}

    later = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
    report = run(LINES.replace("3,Cy,,2", "3,Cy,,1"), now=later)

    assert counts(report) == {"line_set": 1}
    cy = Person.objects.get(employee_no="3")
    assert queries.manager_of(cy, on=date(2026, 5, 31)).name == "Bob"
    assert queries.manager_of(cy, on=date(2026, 6, 1)).name == "Ann"


def test_reporting_lines_in_a_circle_are_left_out_and_the_circle_is_named():
    report = run("employee no,name,manager\n1,Ann,2\n2,Bob,3\n3,Cy,1\n4,Dee,1\n")

    assert managers() == {("4", "1")}
    assert report.taken == 4
    assert [(each.line, each.field, each.refused) for each in report.notes] == [
        (2, "manager", False),
        (3, "manager", False),
        (4, "manager", False),
    ]
    assert "Ann → Bob → Cy → Ann" in report.notes[0].message


def test_a_circle_with_a_stored_line_leaves_only_the_new_one_out():
    run(LINES)

    report = run("employee no,name,manager\n1,Ann,3\n2,Bob,1\n3,Cy,2\n")

    assert managers() == {("2", "1"), ("3", "2")}
    assert [each.line for each in report.notes] == [2]


# In the browser's way


def upload(client, *files):
    held = [
        SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())
        for name, data in files
    ]
    return client.post(reverse("org:import"), {"file": held})


def test_several_files_are_sent_previewed_and_applied_together(client_for, boss, media):
    client = client_for(boss)
    first = "employee no,name,department\n1,Ann,Sales\n"
    response = upload(
        client,
        ("a.csv", first),
        (
            "b.xlsx",
            sheet(
                [
                    ["Employee no", "Name", "Department"],
                    ["1", "Ann", "Finance"],
                    ["2", "Bob", "Finance"],
                ]
            ),
        ),
    )
    held = DirectoryImport.objects.get(joins=None)
    assert response.url == reverse("org:import_show", args=[held.public_id])
    posted = {name: str(column) for name, column in held.mapping.items()}
    part = held.parts.get()
    posted |= {f"file1-{name}": str(column) for name, column in part.mapping.items()}

    client.post(reverse("org:import_columns", args=[held.public_id]), posted)
    preview = client.get(response.url).content.decode()

    assert "The later file holds." in preview
    assert "By department" in preview
    client.post(reverse("org:import_apply", args=[held.public_id]))
    held.refresh_from_db()
    part.refresh_from_db()
    assert (held.state, held.file.name, part.file.name) == ("done", "", "")
    assert set(Person.objects.exclude(imported_from="").values_list("employee_no", flat=True)) == {
        "1",
        "2",
    }
    rows = client.get(reverse("org:import_notes", args=[held.public_id])).content.decode()
    assert rows.splitlines()[1].endswith("b.xlsx")


def test_the_columns_chosen_last_for_a_header_are_remembered(client_for, boss, media):
    client = client_for(boss)
    text = "who,called\n1,Ann\n"
    upload(client, ("a.csv", text))
    held = DirectoryImport.objects.get()
    assert held.mapping == {}

    client.post(
        reverse("org:import_columns", args=[held.public_id]), {"employee_no": "0", "name": "1"}
    )
    upload(client, ("b.csv", text))

    assert DirectoryImport.objects.get(file_name="b.csv").mapping == {"employee_no": 0, "name": 1}


def test_another_sheet_can_be_taken(client_for, boss, media):
    client = client_for(boss)
    data = sheet(
        [["Employee no", "Name"], ["1", "Ann"]],
        more=[("Old", [["Name", "Employee no"], ["Bob", "2"]])],
    )
    upload(client, ("a.xlsx", data))
    held = DirectoryImport.objects.get()

    client.post(reverse("org:import_sheet", args=[held.public_id, 0]), {"sheet": "Old"})

    held.refresh_from_db()
    assert (held.layout["sheet"], held.mapping) == ("Old", {"employee_no": 1, "name": 0})


def test_a_refused_file_is_named_and_nothing_is_kept(client_for, boss, media):
    response = upload(client_for(boss), ("a.csv", "employee no,name\n1,Ann\n"), ("b.csv", b""))

    assert response.status_code == 422
    assert "b.csv: The file is empty." in response.content.decode()
    assert not DirectoryImport.objects.exists()


def test_the_command_takes_several_files_and_a_day(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.ldif"
    first.write_text("employee no,name,department\nada,Ada Lovely,Engines\n")
    second.write_text(LDIF)
    out = io.StringIO()

    call_command("import_org", str(first), str(second), "--holds-from", "2025-01-01", stdout=out)

    assert "4 rows: 4 taken" in out.getvalue()
    assert set(Placement.objects.values_list("valid_from", flat=True)) == {date(2025, 1, 1)}
