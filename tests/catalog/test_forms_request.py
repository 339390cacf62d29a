"""The request form on a page: what it shows, what it takes, what it drops."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from neike.catalog import exchange
from neike.catalog.forms import request_form
from neike.catalog.models import FormVersion
from tests import make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
ON = NOW.date()
LABEL = {"source": "en", "en": "Label", "zh-hans": "标签"}
FIELDS = [
    {
        "key": "kind",
        "type": "choice",
        "label": LABEL,
        "required": True,
        "choices": [{"key": "new", "label": LABEL}, {"key": "old", "label": LABEL}],
    },
    {
        "key": "since",
        "type": "date",
        "label": LABEL,
        "required": True,
        "show_if": {"field": "kind", "is": ["old"]},
    },
    {"key": "cost", "type": "money", "label": LABEL, "currencies": ["CNY", "JPY"]},
    {"key": "who", "type": "person", "label": LABEL},
    {"key": "where", "type": "department", "label": LABEL},
    {"key": "share", "type": "number", "label": LABEL, "decimals": 1},
    {
        "key": "many",
        "type": "multi_choice",
        "label": LABEL,
        "choices": [{"key": "a", "label": LABEL}],
    },
    {"key": "yes", "type": "checkbox", "label": LABEL},
    {"key": "files", "type": "file", "label": LABEL},
]


def _form(posted=None, files=None, **kwargs):
    data = QueryDict(mutable=True)
    for name, value in (posted or {}).items():
        data.setlist(f"form-{name}", value if isinstance(value, list) else [value])
    return request_form(
        FormVersion(fields=kwargs.pop("fields", FIELDS)),
        data if posted is not None else None,
        files,
        reader=make.person(),
        on=ON,
        **kwargs,
    )


def test_fitting_input_becomes_plain_answers():
    wanted, department = make.person("韩梅梅"), make.department()
    upload = SimpleUploadedFile("报价.pdf", b"%PDF")

    form = _form(
        {
            "kind": "old",
            "since": "2026-02-01",
            "cost": "19.90",
            "cost-currency": "CNY",
            "who": f"韩梅梅 ({wanted.employee_no})",
            "where": str(department.public_id),
            "share": "2.5",
            "many": ["a"],
            "yes": "on",
        },
        MultiValueDict({"form-files": [upload]}),
    )

    assert form.is_valid(), form.errors
    assert form.answers == {
        "kind": "old",
        "since": "2026-02-01",
        "cost": {"amount": 1990, "currency": "CNY"},
        "who": str(wanted.public_id),
        "where": str(department.public_id),
        "share": 2.5,
        "many": ["a"],
        "yes": True,
        "files": ["报价.pdf"],
    }
    assert form.uploads == {"files": [upload]}


def test_a_hidden_field_needs_no_answer_and_its_nonsense_is_dropped():
    form = _form({"kind": "new", "since": "not a date"})

    assert form.is_valid(), form.errors
    assert form.answers == {"kind": "new", "yes": False}


def test_a_field_that_shows_is_needed():
    form = _form({"kind": "old"})

    assert not form.is_valid()
    assert list(form.errors) == ["since"]


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"kind": "other"}, "kind"),
        ({"kind": "new", "cost": "-1"}, "cost"),
        ({"kind": "new", "cost": "1.5", "cost-currency": "JPY"}, "cost"),
        ({"kind": "new", "cost": "1", "cost-currency": "XXX"}, "cost-currency"),
        ({"kind": "new", "who": "nobody at all"}, "who"),
        ({"kind": "new", "where": "1 OR 1=1"}, "where"),
        ({"kind": "new", "share": "1.55"}, "share"),
        ({"kind": "new", "share": "1e400"}, "share"),
        ({"kind": "new", "many": ["z"]}, "many"),
    ],
)
def test_input_that_does_not_fit_is_refused_at_its_field(posted, field):
    form = _form(posted)

    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_a_name_that_fits_several_people_lists_them():
    make.person("Li Lei")
    make.person("Li Lei")

    form = _form({"kind": "new", "who": "Li Lei"})

    assert not form.is_valid()
    assert "Several people" in str(form.errors["who"])


def test_a_draft_is_filled_in_again():
    person = make.person("韩梅梅")
    answers = {
        "kind": "old",
        "cost": {"amount": 1990, "currency": "CNY"},
        "who": str(person.public_id),
    }

    form = _form(answers=answers)

    assert str(form["cost"].value()) == "19.90"
    assert form["cost-currency"].value() == "CNY"
    assert form["who"].value() == f"韩梅梅 ({person.employee_no})"


def test_a_file_field_that_is_needed_says_so():
    form = _form({}, fields=[{"key": "f", "type": "file", "label": LABEL, "required": True}])

    assert not form.is_valid()
    assert list(form.errors) == ["f"]


def test_conditions_reach_the_page_in_terms_of_its_inputs():
    page = render_to_string("catalog/_request_fields.html", {"form": _form()})

    condition = json.dumps({"field": "form-kind", "is": ["old"]}).replace('"', "&quot;")
    assert f'data-show-if="{condition}"' in page
    assert "style=" not in page


@pytest.mark.parametrize("one", exchange.seed_files(), ids=lambda one: one.key)
def test_every_shipped_form_can_be_shown(one):
    form = _form(fields=list(one.form))

    page = render_to_string("catalog/_request_fields.html", {"form": form})

    assert page.count("nk-field") >= len([field for field in one.form if field["type"] != "note"])
