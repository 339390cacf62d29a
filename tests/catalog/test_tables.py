"""A table field: rows of typed columns, asked, checked, shown and taken along in a file."""

import pytest

from neike.catalog import form_schema, queries, service_file
from neike.catalog.form_schema import SchemaError
from neike.catalog.forms import request_form
from neike.catalog.models import FormVersion
from tests import make
from tests.make.org import NOW

LABEL = {"source": "en", "en": "Items", "zh-hans": "物品"}
COLUMNS = [
    {
        "key": "item",
        "type": "text",
        "label": {"source": "en", "en": "Item", "zh-hans": "品名"},
        "required": True,
    },
    {
        "key": "count",
        "type": "number",
        "label": {"source": "en", "en": "Number", "zh-hans": "数量"},
        "min": 1,
    },
    {"key": "price", "type": "money", "label": {"source": "en", "en": "Price"}},
    {"key": "new", "type": "checkbox", "label": {"source": "en", "en": "New"}},
]
FIELDS = [
    {"key": "items", "type": "table", "label": LABEL, "columns": COLUMNS, "max_rows": 3},
]


def field(**changes):
    """Return the form with its table changed."""
    return [{**FIELDS[0], **changes}]


def test_rows_are_checked_by_column_and_empty_ones_left_out():
    schema = form_schema.parse(FIELDS)

    clean, errors = form_schema.validate(
        schema, {"items": [{"item": " Desk ", "count": 2}, {}, {"item": "", "new": False}]}
    )

    assert (clean, errors) == ({"items": [{"item": "Desk", "count": 2}]}, {})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"item": "Desk", "count": 0}], "Row 1, Number: The least is 1."),
        ([{"item": "Desk"}, {"count": 2}], "Row 2, Item: This is needed."),
        ([{"colour": "red"}], "Row 1 must answer by column: item, count, price, new."),
        ([{"item": "x"}] * 4, "Please use at most 3 rows."),
        ("x", "Please fill in the rows of the table."),
        ([["x"]], "Row 1 must answer by column: item, count, price, new."),
    ],
)
def test_a_wrong_row_is_named_with_its_column(rows, said):
    _clean, errors = form_schema.validate(form_schema.parse(FIELDS), {"items": rows})

    assert errors == {"items": said}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (field(columns=[]), "from 1 to 8 columns"),
        (field(columns=[{**COLUMNS[0], "type": "file"}]), "the column item must be one of"),
        (field(columns=[COLUMNS[0], COLUMNS[0]]), "this key is used twice"),
        (field(min_rows=4), "the smallest value is above the greatest"),
        (
            field(
                columns=[
                    COLUMNS[3],
                    {**COLUMNS[0], "show_if": {"field": "new", "is": [True]}},
                ]
            ),
            "cannot have a condition",
        ),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(fields, said):
    with pytest.raises(SchemaError, match=said):
        form_schema.parse(fields)


def test_a_table_is_stored_as_it_was_read():
    stored = form_schema.dump(form_schema.parse(FIELDS))

    assert form_schema.dump(form_schema.parse(stored)) == stored
    assert stored[0]["max_rows"] == 3


def test_a_condition_on_itself_or_on_a_later_field_says_so():
    flag = {"key": "flag", "type": "checkbox", "label": LABEL}
    text = {
        "key": "why",
        "type": "text",
        "label": LABEL,
        "show_if": {"all": [{"field": "flag", "is": [True]}]},
    }

    with pytest.raises(SchemaError, match="flag, which comes later; move flag above"):
        form_schema.parse([text, flag])
    with pytest.raises(SchemaError, match="looks at this field itself"):
        form_schema.parse([{**flag, "show_if": {"field": "flag", "is": [True]}}])


def _form(data):
    return request_form(FormVersion(fields=FIELDS), data, reader=make.person(), on=NOW.date())


def test_the_page_reads_rows_and_keeps_what_is_wrong_in_place(db):
    good = _form(
        {
            "form-items-0-item": "Desk",
            "form-items-0-count": "2",
            "form-items-0-price": "19.90",
            "form-items-0-new": "on",
        }
    )
    bad = _form({"form-items-0-item": "Desk", "form-items-0-count": "many"})

    assert good.is_valid(), good.errors
    assert good.answers == {
        "items": [
            {
                "item": "Desk",
                "count": 2,
                "price": {"amount": 1990, "currency": "CNY"},
                "new": True,
            }
        ]
    }
    assert not bad.is_valid()
    assert bad.errors["items"] == ["Row 1, Number: Please enter a number."]
    assert 'value="many"' in str(bad["items"])


def test_a_table_is_shown_by_column(db):
    rows = queries.answer_rows(
        FormVersion(fields=FIELDS),
        {"items": [{"item": "Desk", "count": 2}, {"item": "Lamp", "new": True}]},
    )

    assert rows[0].heads == ("Item", "Number", "Price", "New")
    assert rows[0].cells == (("Desk", "2", "", ""), ("Lamp", "", "", "yes"))
    assert rows[0].value == "Desk, 2\nLamp, yes"


def test_a_table_travels_in_a_file():
    text = """
format: neike.service/2
key: it-kit
department: it
name: {en: Kit}
form:
  - key: items
    type: table
    label: {zh: 物品, en: Items}
    max_rows: 5
    columns:
      - {key: item, type: text, label: {en: Item}, required: true}
      - {key: kind, type: choice, label: {en: Kind}, choices: [{key: a, zh: 甲, en: A}]}
standard: {targets: {end_to_end: {any: 60}}}
"""
    found = service_file.read(text, file="kit.yaml")

    assert [each["key"] for each in found.form[0]["columns"]] == ["item", "kind"]
    assert service_file.read(service_file.write(found), file="again.yaml") == found
