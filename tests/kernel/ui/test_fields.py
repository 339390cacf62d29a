"""Form fields are wired to their label, help and errors, whatever their widget."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from neike.kernel.ui import fields, style


def part_of(name, **kwargs):
    return fields.parts(style.SampleForm(**kwargs)[name])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("subject", "line"),
        ("details", "line"),
        ("service", "line"),
        ("day", "line"),
        ("file", "line"),
        ("urgency", "choices"),
        ("topics", "choices"),
        ("agree", "check"),
    ],
)
def test_the_widget_decides_the_shape(name, kind):
    assert part_of(name).kind == kind


def test_help_and_error_describe_the_control():
    part = part_of("email", data={"email": "chen"})

    assert part.help_id == "id_email_helptext"
    assert part.error_id == "id_email_error"
    assert 'aria-describedby="id_email_helptext id_email_error"' in part.control
    assert 'aria-invalid="true"' in part.control


def test_a_field_without_trouble_is_not_marked():
    part = part_of("subject")

    assert "aria-invalid" not in part.control
    assert "aria-describedby" not in part.control


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_native_pickers_get_iso_values_in_every_language(language):
    class Sample(forms.Form):
        day = forms.DateField()

    with translation.override(language):
        field = Sample(initial={"day": date(2026, 3, 2)})["day"]
        control = str(fields.parts(field).control)

    assert 'type="date"' in control
    assert 'value="2026-03-02"' in control


def test_each_choice_has_its_own_label_target():
    part = part_of("urgency")

    assert [id_ for _control, _label, id_ in part.options] == [
        "id_urgency_0",
        "id_urgency_1",
        "id_urgency_2",
    ]
    assert all('class="radio radio-primary"' in control for control, _label, _id in part.options)


def test_a_hidden_field_stays_hidden():
    class Sample(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput)

    assert fields.parts(Sample()["version"]).kind == "hidden"
