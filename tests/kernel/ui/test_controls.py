"""Controls written by hand are what the framework's templates would write."""

import datetime as dt

import pytest
from django import forms
from django.utils.translation import gettext_lazy

from neike.kernel.ui.controls import control

HOSTILE = """"><script>alert('&')</script>"""


class Every(forms.Form):
    text = forms.CharField(help_text="?", max_length=5)
    optional = forms.CharField(required=False, widget=forms.TextInput(attrs={"autofocus": True}))
    number = forms.IntegerField(min_value=1)
    mail = forms.EmailField()
    hidden = forms.CharField(widget=forms.HiddenInput)
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "data-x": HOSTILE}))
    day = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d"))
    at = forms.DateTimeField(widget=forms.DateTimeInput)
    one = forms.ChoiceField(
        choices=[
            ("", gettext_lazy("nobody")),
            ("a", HOSTILE),
            ("Group", [("b", "B"), ("c", "C")]),
            (HOSTILE, "x"),
        ]
    )
    flag = forms.BooleanField()
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
    radio = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.PasswordInput)


INITIAL = {
    "text": HOSTILE,
    "number": 0,
    "day": dt.date(2026, 3, 2),
    "long": "<b>\n",
    "one": "c",
    "at": dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC),
}
POSTED = {"text": HOSTILE, "one": HOSTILE, "number": "x", "several": "b", "flag": "on"}


@pytest.mark.parametrize(
    "form",
    [
        Every(),
        Every(initial=INITIAL),
        Every(POSTED, auto_id="f-%s"),
        Every(POSTED, prefix="p", auto_id=False),
    ],
)
@pytest.mark.parametrize("name", list(Every.base_fields))
def test_a_control_is_what_the_template_would_draw(form, name):
    attrs = {"class": "select", "aria-describedby": "x", "data-no": False, "data-yes": True}

    assert control(form[name], dict(attrs)) == form[name].as_widget(attrs=dict(attrs))
