"""A form is read strictly, shows what its conditions say, and lets only fitting answers through."""

import contextlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.catalog import form_schema
from neike.catalog.form_schema import SchemaError

LABEL = {"zh-hans": "标签", "en": "Label"}
KIND = {
    "key": "kind",
    "type": "choice",
    "label": LABEL,
    "required": True,
    "choices": [{"key": "new", "label": LABEL}, {"key": "change", "label": LABEL}],
}


def one(kind: str, **rest: object) -> dict[str, object]:
    return {"key": "it", "type": kind, "label": LABEL, **rest}


def checked(field: dict[str, object], answer: object) -> tuple[object, str | None]:
    clean, errors = form_schema.validate(form_schema.parse([field]), {"it": answer})
    return clean.get("it"), errors.get("it")


SOMEBODY = str(uuid.UUID("0b7f3f6e-3c8e-4a77-9d25-5f1f0b6f8a11"))
CHOICES = [{"key": "a", "label": LABEL}, {"key": "b", "label": LABEL}]


@pytest.mark.parametrize(
    ("field", "answer", "clean"),
    [
        (one("text"), "  hello  ", "hello"),
        (one("text"), "two\nlines", "two lines"),
        (one("long_text"), "two\r\nlines", "two\nlines"),
        (one("number"), 5, 5),
        (one("number"), 5.0, 5),
        (one("number", decimals=2), 5.25, 5.25),
        (one("number", min=1, max=5), 5, 5),
        (one("money"), {"amount": 1999, "currency": "CNY"}, {"amount": 1999, "currency": "CNY"}),
        (one("date"), "2026-02-28", "2026-02-28"),
        (one("choice", choices=CHOICES), "b", "b"),
        (one("multi_choice", choices=CHOICES), ["b", "a"], ["a", "b"]),
        (one("person"), SOMEBODY.upper(), SOMEBODY),
        (one("department"), SOMEBODY, SOMEBODY),
        (one("checkbox"), True, True),
        (one("checkbox"), False, False),
        (one("file"), ["报价.pdf"], ["报价.pdf"]),
        (one("text"), "", None),
        (one("multi_choice", choices=CHOICES), [], None),
    ],
)
def test_a_fitting_answer_comes_through_clean(field, answer, clean):
    assert checked(field, answer) == (clean, None)


@pytest.mark.parametrize(
    ("field", "answer", "word"),
    [
        (one("text"), 5, "text"),
        (one("text"), "a\x00b", "control"),
        (one("text"), "a\ud800b", "control"),
        (one("text"), "x" * 501, "500"),
        (one("text"), "x" * 5_000_000, "500"),
        (one("text", max_length=3), "abcd", "3"),
        (one("text", min_length=3), "ab", "at least 3"),
        (one("text", required=True), "   ", "needed"),
        (one("number"), "5", "number"),
        (one("number"), True, "number"),
        (one("number"), float("nan"), "reach"),
        (one("number"), 10**400, "reach"),
        (one("number"), 1.5, "whole"),
        (one("number", min=1), 0, "least is 1"),
        (one("number", max=9), 10, "most is 9"),
        (one("money"), 5, "amount"),
        (one("money"), {"amount": 1.5, "currency": "CNY"}, "amount"),
        (one("money"), {"amount": -1, "currency": "CNY"}, "negative"),
        (one("money"), {"amount": 1, "currency": "USD"}, "CNY"),
        (one("money", max=100), {"amount": 101, "currency": "CNY"}, "most is 1.00"),
        (one("date"), "2026-02-30", "date"),
        (one("date"), 20260228, "date"),
        (one("date", min="2026-01-01"), "2025-12-31", "least is 2026-01-01"),
        (one("choice", choices=CHOICES), "c", "offered"),
        (one("choice", choices=CHOICES), {"a": 1}, "offered"),
        (one("multi_choice", choices=CHOICES), "a", "offered"),
        (one("multi_choice", choices=CHOICES), ["a"] * 5000, "offered"),
        (one("person"), "1 OR 1=1", "offered"),
        (one("checkbox"), "yes", "yes or no"),
        (one("checkbox", required=True), False, "needed"),
        (one("file"), "a.pdf", "files"),
        (one("file"), ["a.pdf"] * 11, "at most 10"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_the_reason(field, answer, word):
    clean, error = checked(field, answer)

    assert clean is None
    assert error is not None
    assert word in error


@pytest.mark.parametrize("answers", [None, [], "x", 5, [("it", "x")]])
def test_answers_that_are_no_object_are_refused(answers):
    assert form_schema.validate(form_schema.parse([one("text")]), answers)[0] == {}
    assert "" in form_schema.validate(form_schema.parse([one("text")]), answers)[1]


def test_a_key_the_form_does_not_have_is_refused_by_name():
    _clean, errors = form_schema.validate(
        form_schema.parse([one("text")]), {"it": "x", "is_admin": True}
    )

    assert "is_admin" in errors[""]


def test_a_note_takes_no_answer():
    _clean, errors = form_schema.validate(form_schema.parse([one("note")]), {"it": "x"})

    assert "it" in errors[""]


CONDITIONAL = [
    KIND,
    {"key": "urgent", "type": "checkbox", "label": LABEL},
    {
        "key": "what",
        "type": "choice",
        "label": LABEL,
        "choices": CHOICES,
        "show_if": {"field": "kind", "is": ["change"]},
    },
    {
        "key": "why",
        "type": "text",
        "label": LABEL,
        "required": True,
        "show_if": {"all": [{"field": "what", "is": ["b"]}, {"field": "urgent", "is": [True]}]},
    },
    {
        "key": "note",
        "type": "text",
        "label": LABEL,
        "show_if": {"any": [{"field": "what", "is": ["a"]}, {"field": "urgent", "is": [True]}]},
    },
]


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, ["kind", "urgent"]),
        ({"kind": "new"}, ["kind", "urgent"]),
        ({"kind": "change"}, ["kind", "urgent", "what"]),
        ({"kind": "change", "what": "a"}, ["kind", "urgent", "what", "note"]),
        (
            {"kind": "change", "what": "b", "urgent": True},
            ["kind", "urgent", "what", "why", "note"],
        ),
        # `what` is hidden, so its answer counts for nothing
        ({"kind": "new", "what": "b", "urgent": True}, ["kind", "urgent", "note"]),
        ({"kind": "change", "what": "b", "urgent": 1}, ["kind", "urgent", "what"]),
    ],
)
def test_fields_show_as_their_conditions_say(answers, shown):
    schema = form_schema.parse(CONDITIONAL)

    assert [field.key for field in form_schema.visible_fields(schema, answers)] == shown


def test_the_answer_to_a_hidden_field_is_dropped_and_its_mistakes_do_not_count():
    clean, errors = form_schema.validate(
        form_schema.parse(CONDITIONAL), {"kind": "new", "what": "nonsense", "why": 7}
    )

    assert (clean, errors) == ({"kind": "new"}, {})


def test_a_required_field_that_shows_must_be_answered():
    _clean, errors = form_schema.validate(
        form_schema.parse(CONDITIONAL), {"kind": "change", "what": "b", "urgent": True}
    )

    assert list(errors) == ["why"]


def test_a_wrong_answer_hides_what_depends_on_it():
    clean, errors = form_schema.validate(
        form_schema.parse(CONDITIONAL), {"kind": "sideways", "what": "a"}
    )

    assert clean == {}
    assert list(errors) == ["kind"]


@pytest.mark.parametrize(
    ("fields", "where", "words"),
    [
        ({}, "", "list"),
        ([one("text")] * 61, "", "at most 60"),
        (["x"], "field 1", "object"),
        ([{"key": "Bad Key", "type": "text", "label": LABEL}], "field 1", "key"),
        ([one("text"), one("text")], "it", "twice"),
        ([one("colour")], "it", "type"),
        ([{"key": "it", "type": "text"}], "it", "label"),
        ([one("text", label={"en": 5})], "it", "label"),
        ([one("text", label={"en": "x" * 301})], "it", "300"),
        ([one("text", colour="red")], "it", "colour"),
        ([one("text", required="yes")], "it", "required"),
        ([one("text", max_length=-1)], "it", "max_length"),
        ([one("text", min_length=5, max_length=4)], "it", "smallest"),
        ([one("number", min="x")], "it", "min"),
        ([one("number", min=2, max=1)], "it", "smallest"),
        ([one("date", min="yesterday")], "it", "2026-03-31"),
        ([one("money", currencies=["yuan"])], "it", "CNY"),
        ([one("choice")], "it", "choices"),
        ([one("choice", choices=[*CHOICES, CHOICES[0]])], "it", "twice"),
        ([one("choice", choices=CHOICES, default="z")], "it", "default"),
        ([one("note", required=True)], "it", "note"),
        ([one("text", show_if={"field": "later", "is": ["a"]})], "it", "later"),
        ([KIND, one("text", show_if={"field": "kind", "is": ["old"]})], "it", "old"),
        ([KIND, one("text", show_if={"field": "kind", "is": []})], "it", "list"),
        ([KIND, one("text", show_if={"field": "kind"})], "it", "show_if"),
        ([KIND, one("text", show_if={"none": []})], "it", "show_if"),
        (
            [
                {"key": "a", "type": "text", "label": LABEL},
                one("text", show_if={"field": "a", "is": ["x"]}),
            ],
            "it",
            "neither",
        ),
    ],
)
def test_a_form_that_cannot_work_is_refused_naming_the_field(fields, where, words):
    with pytest.raises(SchemaError) as refused:
        form_schema.parse(fields)

    assert refused.value.where == where
    assert words in str(refused.value)


def test_a_condition_nested_without_end_is_refused():
    condition: dict[str, object] = {"field": "kind", "is": ["new"]}
    for _ in range(500):
        condition = {"all": [condition]}

    with pytest.raises(SchemaError, match="show_if"):
        form_schema.parse([KIND, one("text", show_if=condition)])


def test_a_form_is_written_as_it_was_read():
    fields = [
        *CONDITIONAL,
        one("number", min=1, max=9, decimals=2, default=1.5, help=LABEL),
        {"key": "cost", "type": "money", "label": LABEL, "currencies": ["CNY", "JPY"]},
    ]
    schema = form_schema.parse(fields)

    assert form_schema.parse(form_schema.dump(schema)) == schema


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
EVERYTHING = form_schema.parse(
    [
        *CONDITIONAL,
        {"key": "number", "type": "number", "label": LABEL},
        {"key": "money", "type": "money", "label": LABEL},
        {"key": "date", "type": "date", "label": LABEL},
        {"key": "many", "type": "multi_choice", "label": LABEL, "choices": CHOICES},
        {"key": "who", "type": "person", "label": LABEL},
        {"key": "file", "type": "file", "label": LABEL},
    ]
)


@given(st.dictionaries(st.sampled_from([one.key for one in EVERYTHING.fields]) | st.text(), json))
def test_no_answers_whatever_break_the_check_and_clean_ones_pass_again(answers):
    clean, _errors = form_schema.validate(EVERYTHING, answers)
    again, errors = form_schema.validate(EVERYTHING, clean)

    assert again == clean
    assert set(errors) <= {"kind", "why"}


@given(json)
def test_no_json_whatever_breaks_the_reading_of_a_form(raw):
    with contextlib.suppress(SchemaError):
        form_schema.parse(raw if isinstance(raw, list) else [raw])


def test_a_condition_may_ask_for_more_than_an_amount() -> None:
    schema = form_schema.parse(
        [
            {"key": "cost", "type": "money", "label": {"en": "Cost"}, "currencies": ["CNY"]},
            {"key": "kind", "type": "text", "label": {"en": "Kind"}},
        ]
    )
    dear = form_schema.parse_condition({"field": "cost", "over": 500_000}, schema)

    assert dear is not None
    assert dear.holds({"cost": {"amount": 500_001, "currency": "CNY"}})
    assert not dear.holds({"cost": {"amount": 500_000, "currency": "CNY"}})
    assert not dear.holds({})
    assert form_schema.parse_condition({}, schema) is None
    with pytest.raises(form_schema.SchemaError, match="kind"):
        form_schema.parse_condition({"field": "kind", "over": 1}, schema)
    with pytest.raises(form_schema.SchemaError, match="number"):
        form_schema.parse_condition({"field": "cost", "over": "much"}, schema)
