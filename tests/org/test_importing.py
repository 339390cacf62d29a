"""Taking the organisation over from CSV files."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import override

from neike.org import queries
from neike.org.choices import PersonKind
from neike.org.importing import columns, reading
from neike.org.importing.errors import BadFileError, RowNote
from neike.org.importing.report import Report, notes_csv, safe_cell
from neike.org.importing.running import run_import
from neike.org.importing.sources import Source
from neike.org.models import Department, Person, Placement, Position
from tests.make import org as make

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
HEADER = "工号,姓名,邮箱,部门编码,部门,上级部门,岗位,主管工号,入职日期\n"
COMPANY = (
    HEADER
    + "1,王总,wang@example.com,C,云岭科技,,总经理,,2019-01-01\n"
    + "2,李娜,li@example.com,IT,信息部,C,部门经理,1,2020/5/6\n"
    + "3,陈思远,chen@example.com,IT,信息部,C,工程师,2,2021年3月1日\n"
)


def run(text, *, apply=True, now=NOW, **options):
    data = text if isinstance(text, bytes) else text.encode()
    file = io.BytesIO(data)
    layout = reading.sniff(file)
    mapping = options.pop("mapping", None) or columns.guess(layout.headers)
    source = Source(file, layout, mapping)
    return run_import([source], by=None, now=now, apply=apply, **options)


def counts(report):
    return {kind: count for kind, count in report.counts.items() if count}


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_a_file_builds_departments_people_posts_and_heads():
    report = run(COMPANY)

    assert (report.rows, report.taken, report.refused, report.notes) == (3, 3, 0, [])
    assert counts(report) == {
        "department_created": 2,
        "position_created": 3,
        "person_created": 3,
        "person_placed": 3,
        "lead_set": 1,
        "line_set": 2,
    }
    chart = queries.chart(on=TODAY)
    it = Department.objects.get(code="IT")
    assert chart.path(it.pk) == ("云岭科技", "信息部")
    assert chart.lead(it.pk).name == "李娜"
    chen = Person.objects.get(employee_no="3")
    assert (chen.name_latin, chen.email) == ("chen siyuan", "chen@example.com")
    placement = Placement.objects.get(person=chen)
    assert (str(placement.position), placement.valid_from) == ("工程师", date(2021, 3, 1))


def test_the_second_run_changes_nothing():
    run(COMPANY)
    before = [Person.objects.count(), Placement.objects.count(), Position.objects.count()]

    report = run(COMPANY)

    assert (counts(report), report.unchanged, report.changes) == ({}, 3, 0)
    assert [Person.objects.count(), Placement.objects.count(), Position.objects.count()] == before


def test_a_preview_counts_the_same_and_writes_nothing():
    preview = run(COMPANY, apply=False)

    assert Person.objects.count() == Department.objects.count() == 0
    assert counts(run(COMPANY)) == counts(preview)
    assert preview.samples["person_created"][0] == "王总 (1)"


def test_a_bad_row_is_named_and_holds_up_no_other():
    report = run(
        HEADER
        + "1,王总,not-an-address,C,云岭科技,,,,\n"
        + ",无名,,C,云岭科技,,,,\n"
        + "3,陈思远,chen@example.com,C,云岭科技,,,,31.12.2020\n"
        + "4,赵六,,C,云岭科技,,,,2020-01-01\n"
        + "4,赵六,,C,云岭科技,,,,2020-01-01\n"
    )

    assert [(each.line, each.field) for each in report.notes] == [
        (2, "email"),
        (3, "employee_no"),
        (4, "valid_from"),
        (6, "employee_no"),
    ]
    assert (report.taken, report.refused) == (1, 4)
    assert [each.name for each in Person.objects.all()] == ["赵六"]


def test_an_address_belongs_to_one_person_only():
    make.person(email="taken@example.com")

    report = run("employee no,name,email\n7,Ann,TAKEN@example.com\n8,Bob,b@x.com\n9,Cy,B@x.com\n")

    assert [(each.line, each.field) for each in report.notes] == [(2, "email"), (4, "email")]


def test_a_move_ends_the_old_placement_and_keeps_it():
    run(COMPANY)

    report = run(COMPANY.replace("3,陈思远,chen@example.com,IT,信息部,C", "3,陈思远,,FIN,财务部,C"))

    assert counts(report) == {
        "department_created": 1,
        "position_created": 1,
        "person_placed": 1,
    }
    chen = Person.objects.get(employee_no="3")
    assert queries.department_of(chen, on=TODAY).code == "FIN"
    assert queries.department_of(chen, on=date(2026, 3, 1)).code == "IT"
    assert chen.email == "chen@example.com"


def test_a_wrong_department_is_corrected_on_the_same_day():
    run("employee no,name,department\n1,Ann,Sales\n")

    run("employee no,name,department\n1,Ann,Finance\n")

    ann = Person.objects.get()
    assert str(queries.chart(on=TODAY).name(queries.department_of(ann, on=TODAY).pk)) == "Finance"
    assert Placement.objects.count() == 1


def test_a_rename_and_a_move_of_a_department_hold_from_today():
    run(COMPANY)
    report = run(
        HEADER
        + "1,王总,,C,云岭科技,,,,\n"
        + "9,新人,,OPS,运营中心,C,,,\n"
        + "2,李娜,,IT,数字化部,OPS,,,\n"
        + "3,陈思远,,IT,数字化部,OPS,,,\n"
    )

    it = Department.objects.get(code="IT")
    assert counts(report)["department_changed"] == 2
    assert queries.chart(on=TODAY).path(it.pk) == ("云岭科技", "运营中心", "数字化部")
    assert queries.chart(on=date(2026, 3, 1)).path(it.pk) == ("云岭科技", "信息部")


def test_a_department_below_itself_is_refused_by_row():
    run(COMPANY)

    report = run(HEADER + "1,王总,,C,云岭科技,IT,,,\n")

    assert [(each.line, each.field) for each in report.notes] == [(2, "parent")]
    assert queries.chart(on=TODAY).parent(Department.objects.get(code="C").pk) is None


def test_a_parent_may_stand_on_a_later_row():
    report = run(HEADER + "2,李娜,,IT,信息部,C,,,\n1,王总,,C,云岭科技,,,,\n")

    assert report.refused == 0
    it = Department.objects.get(code="IT")
    assert queries.chart(on=TODAY).path(it.pk) == ("云岭科技", "信息部")
    assert run(HEADER + "2,李娜,,IT,信息部,C,,,\n1,王总,,C,云岭科技,,,,\n").changes == 0


def test_departments_may_be_named_by_path():
    text = "Employee ID,Name,Department\n1,Ann,Acme / IT / Desk\n2,Bob,Acme/HR\n3,Cy,Desk\n"
    report = run(text)

    assert counts(report)["department_created"] == 4
    chart = queries.chart(on=TODAY)
    assert sorted(chart.path(each.id) for each in chart) == [
        ("Acme",),
        ("Acme", "HR"),
        ("Acme", "IT"),
        ("Acme", "IT", "Desk"),
    ]
    assert run(text).changes == 0


def test_a_name_that_two_departments_have_is_refused():
    run("employee no,name,department\n1,Ann,A/Desk\n2,Bob,B/Desk\n")

    report = run("employee no,name,department\n3,Cy,Desk\n")

    assert [(each.line, each.field) for each in report.notes] == [(2, "department")]


def test_people_leave_only_when_asked_and_are_never_deleted():
    run(COMPANY)
    bystander = make.person("not imported")
    service = make.person(kind=PersonKind.SERVICE, imported_from="csv")
    fewer = HEADER + "1,王总,,C,云岭科技,,,,\n2,李娜,,IT,信息部,C,,,\n"

    assert counts(run(fewer)) == {}
    assert counts(run(fewer, end_missing=True)) == {"person_left": 1}

    chen = Person.objects.get(employee_no="3")
    assert chen.left_on == TODAY
    assert queries.department_of(chen, on=TODAY) is None
    bystander.refresh_from_db()
    service.refresh_from_db()
    assert bystander.left_on is None
    assert service.left_on is None
    assert run(fewer, end_missing=True).changes == 0


def test_nobody_leaves_when_no_row_was_taken():
    run(COMPANY)
    assert run(HEADER + ",,,,,,,,x\n", end_missing=True).changes == 0
    assert Person.objects.filter(left_on__isnull=False).count() == 0


def test_somebody_who_had_left_comes_back():
    run(COMPANY)
    run(HEADER + "1,王总,,C,云岭科技,,,,\n", end_missing=True)

    later = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
    run(COMPANY, now=later)

    chen = Person.objects.get(employee_no="3")
    assert chen.left_on is None
    assert queries.department_of(chen, on=date(2026, 6, 1)).code == "IT"
    assert queries.department_of(chen, on=date(2026, 4, 1)) is None
    assert run(COMPANY, now=later).changes == 0


def test_an_unknown_manager_is_remarked_and_the_row_is_taken():
    report = run(HEADER + "1,王总,,C,云岭科技,,,nobody,\n")

    assert [(each.line, each.field, each.refused) for each in report.notes] == [
        (2, "manager", False)
    ]
    assert report.taken == 1


def test_who_is_their_own_manager_is_remarked_in_the_language_of_each_reader():
    report = run(HEADER + "1,王总,,C,云岭科技,,,1,\n")
    assert [(each.line, each.field, each.refused) for each in report.notes] == [
        (2, "manager", False)
    ]

    stored = json.loads(json.dumps(report.as_json()))
    with override("en"):
        (english,) = Report.from_json(stored).notes
    with override("zh-hans"):
        (chinese,) = Report.from_json(stored).notes
    assert english.message == "Named as their own manager; the row was taken without a manager."
    assert chinese.message == "填写的上级是本人；该行已导入，但未设置上级。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found(encoding, delimiter):
    text = COMPANY.replace(",", delimiter)

    report = run(text.encode(encoding), apply=False)

    assert (report.taken, report.refused) == (3, 0)
    assert report.samples["person_created"][2] == "陈思远 (3)"


def test_quoted_line_breaks_and_delimiters_stay_in_their_cell_and_lines_are_counted():
    text = 'employee no,name,note\r\n1,"Ann, A.","two\r\nlines"\r\n,Bob,x\r\n'

    report = run(text)

    assert Person.objects.get().name == "Ann, A."
    assert [each.line for each in report.notes] == [4]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"a,b\n\x00\x01\x02", "no text file"),
        (b"\xff\xd8\xff\xe0jpeg", "neither UTF-8 nor GBK"),
        (b"\n\n1,2\n", "name the columns"),
        (b"x," * 300 + b"\n", "columns"),
    ],
)
def test_what_is_no_table_is_refused_with_words(data, words):
    with pytest.raises(BadFileError, match=words):
        run(data)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(BadFileError, match="at most"):
        reading.sniff(io.BytesIO(b"x" * (3 << 20)), limit=2 << 20)


def test_an_open_quotation_mark_is_named_by_its_line():
    text = 'employee no,name\n1,Ann\n2,"' + "x" * 140_000
    with pytest.raises(BadFileError, match="line 3"):
        run(text)


def test_a_file_without_numbers_or_names_is_refused():
    with pytest.raises(BadFileError, match="employee number"):
        run("name,department\nAnn,Sales\n")


@pytest.mark.parametrize(
    ("header", "field"),
    [("Employee_No.", "employee_no"), ("员工编号", "employee_no"), ("所属部门", "department"),
     ("Job Title", "title"), ("直属上级", "manager"), ("E-Mail", "email"), ("生效日期", "valid_from")],
)  # fmt: skip
def test_headers_are_guessed_in_both_languages(header, field):
    assert columns.guess(["x", header]) == {field: 1}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1", "\x00=1"])
def test_no_cell_of_the_report_is_a_formula(text):
    assert safe_cell(text).startswith("'")
    lines = "".join(notes_csv([RowNote(2, "name", text, "no")]))
    assert list(csv.reader(io.StringIO(lines)))[1][2].startswith("'")


def test_a_report_comes_back_from_storage():
    report = run(COMPANY + ",,,,,,,,\n,x,,,,,,,\n", apply=False)

    assert Report.from_json(report.as_json()) == report


@pytest.mark.parametrize("rows", [2, 3])
def test_planning_rows_asks_the_same_number_of_queries(django_assert_num_queries, rows):
    run(COMPANY)
    lines = COMPANY.splitlines(keepends=True)
    with django_assert_num_queries(19):
        run("".join(lines[: rows + 1]), apply=False)


def test_the_command_applies_and_writes_the_rows_it_refused(tmp_path):
    file, rejects = tmp_path / "people.csv", tmp_path / "rejects.csv"
    file.write_text("工号,姓名,部门\n1,王芳,云岭/销售部\n,x,\n", encoding="gbk")
    out = io.StringIO()

    with pytest.raises(SystemExit):
        call_command("import_org", str(file), "--rejects", str(rejects), stdout=out)

    assert "2 rows: 1 taken (0 unchanged), 1 refused" in out.getvalue()
    assert Person.objects.get().name == "王芳"
    assert rejects.read_text(encoding="utf-8").splitlines()[1].startswith("3,")
